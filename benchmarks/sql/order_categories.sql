WITH lines AS (
    SELECT order_id, category, amount::DOUBLE AS amount, cost::DOUBLE AS cost,
        coalesce(platform_fee::DOUBLE, 0) + coalesce(shipping_cost::DOUBLE, 0) - coalesce(shipping_charged::DOUBLE, 0) AS fees,
        coalesce(quantity, 1) AS quantity,
        coalesce(status, 'completed') NOT IN ('cancelled', 'failed', 'refunded', 'pending')
        AND coalesce(delivery_status, '') NOT IN ('failed', 'returned')
        AND (lower(coalesce(payment_method, '')) <> 'cod'
             OR coalesce(status, '') IN ('completed', 'delivered')
             OR coalesce(delivery_status, '') = 'delivered'
             OR delivered_at IS NOT NULL
             OR (status IS NULL AND delivery_status IS NULL AND delivered_at IS NULL)) AS stands,
        CASE WHEN abs(coalesce(quantity, 1)) > 0
             THEN least(abs(coalesce(returned_quantity, 0)) / abs(coalesce(quantity, 1)), 1) ELSE 0 END AS returned
    FROM read_parquet('{transactions}')
), parts AS (
    SELECT order_id, category,
        sum(CASE WHEN stands THEN amount * (1 - returned) ELSE 0 END) AS amount,
        sum(CASE WHEN NOT stands THEN 0
            ELSE amount * (1 - returned)
                 - coalesce(cost * (1 - returned), amount * (1 - returned) * 0.6) - fees END) AS margin,
        sum(quantity * (1 - returned)) AS quantity
    FROM lines GROUP BY order_id, category
)
SELECT p.category, p.amount, p.margin, p.quantity, o.order_key, o.customer_key, o.day, o.month, o.store_id, o.channel,
    o.region_code, o.kind, o.currency, o.is_purchase, o.nth
FROM parts p JOIN read_parquet('{orders}') o USING (order_id)
ORDER BY day, order_key, category

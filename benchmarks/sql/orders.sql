WITH lines AS (
    SELECT *,
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
), money AS (
    SELECT *,
        CASE WHEN stands THEN amount::DOUBLE * (1 - returned) ELSE 0 END AS revenue,
        CASE WHEN stands THEN 1 - returned ELSE 0 END AS kept
    FROM lines
), totals AS (
    SELECT order_id, min(customer_id) AS customer_id, min(ordered_at) AS ordered_at, min(store_id) AS store_id,
        min(channel) AS channel, min(coalesce(currency, 'MYR')) AS currency, sum(revenue) AS amount,
        sum(revenue
            - CASE WHEN cost IS NULL THEN revenue * 0.6 ELSE cost::DOUBLE * kept END
            - CASE WHEN stands THEN coalesce(platform_fee::DOUBLE, 0) + coalesce(shipping_cost::DOUBLE, 0)
                   - coalesce(shipping_charged::DOUBLE, 0) ELSE 0 END) AS margin,
        bool_or(cost IS NULL) AS margin_assumed, sum(coalesce(discount::DOUBLE, 0)) AS discount,
        sum(coalesce(quantity, 1) * (1 - returned)) AS quantity, count(*)::INT AS lines, bool_or(stands) AS stands,
        min(ordered_at)::DATE AS day
    FROM money GROUP BY order_id
), known AS (
    SELECT customer_id FROM totals WHERE customer_id IS NOT NULL
    UNION SELECT customer_id FROM read_parquet('{customers}')
), keys AS (
    SELECT customer_id, (row_number() OVER (ORDER BY customer_id) - 1)::INT AS customer_key FROM known
), placed AS (
    SELECT t.*, k.customer_key, hash(t.order_id)::UBIGINT AS order_key, date_trunc('month', day)::DATE AS month,
        CASE WHEN t.customer_id IS NULL THEN 'unidentified' ELSE coalesce(c.kind, 'external') END AS kind,
        coalesce(c.region_code, s.region_code) AS region_code,
        coalesce(stands AND amount > 0, false) AS is_purchase
    FROM totals t LEFT JOIN keys k USING (customer_id) LEFT JOIN read_parquet('{customers}') c USING (customer_id)
        LEFT JOIN read_parquet('{stores}') s ON t.store_id = s.store_id
)
SELECT order_id, order_key, customer_id, customer_key, ordered_at, day, month, store_id, channel, region_code, kind,
    currency, amount, margin, margin_assumed, discount, quantity, lines, is_purchase,
    CASE WHEN is_purchase AND customer_key IS NOT NULL THEN row_number() OVER w END::INT AS nth,
    CASE WHEN is_purchase AND customer_key IS NOT NULL THEN date_diff('day', lag(day) OVER w, day) END::INT
        AS days_since_previous
FROM placed
WINDOW w AS (PARTITION BY customer_key, is_purchase AND customer_key IS NOT NULL ORDER BY ordered_at, order_id)
ORDER BY day, order_id

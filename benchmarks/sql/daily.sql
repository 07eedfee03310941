SELECT day, region_code, store_id, channel, kind, currency,
    count(*) FILTER (is_purchase) AS orders, sum(amount) AS revenue, sum(margin) AS margin,
    coalesce(sum(quantity) FILTER (is_purchase), 0) AS quantity, count(*) FILTER (nth = 1) AS new_customers,
    count(*) FILTER (is_purchase AND customer_key IS NOT NULL) AS identified_orders,
    coalesce(sum(amount) FILTER (customer_key IS NOT NULL), 0) AS identified_revenue,
    coalesce(sum(amount) FILTER (nth > 1), 0) AS existing_revenue
FROM read_parquet('{orders}') GROUP BY day, region_code, store_id, channel, kind, currency
ORDER BY day, region_code, store_id, channel, kind, currency

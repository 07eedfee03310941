SELECT day, region_code, store_id, channel, kind, currency, category, count(*) FILTER (is_purchase) AS orders,
    sum(amount) AS revenue, sum(margin) AS margin, sum(quantity) AS quantity
FROM read_parquet('{order_categories}') GROUP BY day, region_code, store_id, channel, kind, currency, category
ORDER BY day, region_code, store_id, channel, kind, currency, category

SELECT cohort, period, kind, region_code, first_channel, count(*) AS customers, sum(orders)::BIGINT AS orders,
    sum(revenue) AS revenue, sum(margin) AS margin
FROM read_parquet('{customer_month}') GROUP BY cohort, period, kind, region_code, first_channel
ORDER BY cohort, period, kind, region_code, first_channel

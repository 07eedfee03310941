WITH months AS (
    SELECT customer_key, month, count(*)::INT AS orders, sum(CASE WHEN currency = 'MYR' THEN amount ELSE 0 END) AS revenue,
        sum(CASE WHEN currency = 'MYR' THEN margin ELSE 0 END) AS margin
    FROM read_parquet('{orders}') WHERE is_purchase AND customer_key IS NOT NULL GROUP BY customer_key, month
)
SELECT m.*, s.kind, s.region_code, s.first_channel, date_trunc('month', s.first_day)::DATE AS cohort,
    date_diff('month', date_trunc('month', s.first_day)::DATE, m.month)::INT AS period
FROM months m JOIN read_parquet('{customer_summary}') s USING (customer_key)
ORDER BY month, customer_key

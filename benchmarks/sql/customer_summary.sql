WITH keys AS (
    SELECT customer_id, (row_number() OVER (ORDER BY customer_id) - 1)::INT AS customer_key
    FROM (SELECT customer_id FROM read_parquet('{orders}') WHERE customer_id IS NOT NULL
          UNION SELECT customer_id FROM read_parquet('{customers}'))
), bought AS (
    SELECT customer_key, min(day) FILTER (is_purchase) AS first_day, max(day) FILTER (is_purchase) AS last_day,
        count(*) FILTER (is_purchase)::INT AS orders,
        sum(amount) FILTER (currency = 'MYR') AS revenue, sum(margin) FILTER (currency = 'MYR') AS margin,
        sum(discount) FILTER (currency = 'MYR') AS discount,
        max(channel) FILTER (nth = 1) AS first_channel, max(store_id) FILTER (nth = 1) AS first_store_id
    FROM read_parquet('{orders}') WHERE customer_key IS NOT NULL GROUP BY customer_key
), by_channel AS (
    SELECT customer_key, channel, count(*) AS times, sum(amount) AS spent FROM read_parquet('{orders}')
    WHERE is_purchase AND customer_key IS NOT NULL AND channel IS NOT NULL GROUP BY ALL
), by_store AS (
    SELECT customer_key, store_id, count(*) AS times, sum(amount) AS spent FROM read_parquet('{orders}')
    WHERE is_purchase AND customer_key IS NOT NULL AND store_id IS NOT NULL GROUP BY ALL
), by_category AS (
    SELECT customer_key, category, count(*) AS times, sum(amount) AS spent,
        max(amount) FILTER (nth = 1) AS first_amount
    FROM read_parquet('{order_categories}')
    WHERE is_purchase AND customer_key IS NOT NULL AND category IS NOT NULL GROUP BY ALL
), main_channel AS (
    SELECT customer_key, channel AS main_channel FROM by_channel
    QUALIFY row_number() OVER (PARTITION BY customer_key ORDER BY times DESC, spent DESC, channel) = 1
), main_store AS (
    SELECT customer_key, store_id AS main_store_id FROM by_store
    QUALIFY row_number() OVER (PARTITION BY customer_key ORDER BY times DESC, spent DESC, store_id) = 1
), main_category AS (
    SELECT customer_key, category AS main_category FROM by_category
    QUALIFY row_number() OVER (PARTITION BY customer_key ORDER BY times DESC, spent DESC, category) = 1
), first_category AS (
    SELECT customer_key, arg_max(category, first_amount) AS first_category FROM by_category GROUP BY customer_key
)
SELECT k.customer_id, k.customer_key, coalesce(c.kind, 'external') AS kind, coalesce(c.member, false) AS member,
    c.member_since, c.joined_at, c.tier, c.region_code, c.region, c.district, c.city, c.postcode, c.country, c.lat,
    c.lon, c.geo_precision, c.acquisition_channel, c.acquisition_cost::DOUBLE AS acquisition_cost, b.first_day,
    b.last_day, coalesce(b.orders, 0) AS orders, coalesce(b.revenue, 0) AS revenue, coalesce(b.margin, 0) AS margin,
    b.discount, b.first_channel, b.first_store_id, mc.main_channel, ms.main_store_id, mk.main_category,
    fk.first_category,
    CASE WHEN c.lat IS NOT NULL
        THEN greatest(0, least(floor((c.lon + 180) / 360 * 1048576), 1048575)) END::INT AS x20,
    CASE WHEN c.lon IS NOT NULL THEN greatest(0, least(floor((1 - ln(
        tan(radians(greatest(-85.0511, least(c.lat, 85.0511))))
        + 1 / cos(radians(greatest(-85.0511, least(c.lat, 85.0511))))) / pi()) / 2 * 1048576), 1048575)) END::INT AS y20
FROM keys k LEFT JOIN read_parquet('{customers}') c USING (customer_id) LEFT JOIN bought b USING (customer_key)
    LEFT JOIN main_channel mc USING (customer_key) LEFT JOIN main_store ms USING (customer_key)
    LEFT JOIN main_category mk USING (customer_key) LEFT JOIN first_category fk USING (customer_key)
ORDER BY customer_key

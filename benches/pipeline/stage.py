"""The headline measure computed from the exported stage tables by DuckDB and by Spark, beside the published figure.

Usage: stage.py PARQUET_DIR OUT_MONTH_DIR [--no-spark]
PARQUET_DIR is what `reintegrasi run --parquet DIR` wrote, OUT_MONTH_DIR the month's outputs (for the cut-off date and
the figure). Definition: P1, persons, twelve calendar months, rolling cohort of those whose window ended in the twelve
months up to the cut-off (docs/definitions.md 3). Exits 1 when the three do not agree. Needs duckdb, and pyspark with a Java.
"""
import csv, json, sys
from pathlib import Path

SQL = """
WITH window_over AS (
  SELECT person, episode, t0, {over} AS over FROM releases
), cohort AS (
  SELECT person, episode, over, row_number() OVER (PARTITION BY person ORDER BY t0, episode) AS nth
  FROM window_over WHERE over <= DATE '{cutoff}' AND over > DATE '{first}'
), returned AS (
  SELECT c.person, max(CASE WHEN e.date <= c.over THEN 1 ELSE 0 END) AS hit
  FROM cohort c LEFT JOIN (SELECT * FROM entries WHERE kind IN ('new', 'new_unknown_date')) e ON e.episode = c.episode
  WHERE c.nth = 1 GROUP BY c.person
)
SELECT count(*) AS n, sum(hit) AS k FROM returned
"""


def main():
    tables, out = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = json.loads((out / "manifest.json").read_text())
    cutoff = manifest["cutoff"]
    y, m, d = map(int, cutoff.split("-"))
    from calendar import monthrange
    if d != monthrange(y, m)[1]:  # the last complete month
        y, m = (y, m - 1) if m > 1 else (y - 1, 12)
    first = f"{y - 1}-{m:02d}-{monthrange(y - 1, m)[1]:02d}"
    month = manifest["month"]
    part = lambda t: f"{tables}/{t}/kanwil=*/month={month}/*.parquet"
    results = {}

    import duckdb
    db = duckdb.connect()
    for t in ("releases", "entries"):
        db.sql(f"CREATE VIEW {t} AS SELECT * FROM read_parquet('{part(t)}', hive_partitioning = true)")
    over = "CAST(t0 + INTERVAL 12 MONTH AS DATE)"
    results["DuckDB " + duckdb.__version__] = db.sql(SQL.format(over=over, cutoff=cutoff, first=first)).fetchall()[0]

    if "--no-spark" not in sys.argv:
        from pyspark.sql import SparkSession
        import pyspark
        spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        for t in ("releases", "entries"):
            spark.read.option("basePath", f"{tables}/{t}").parquet(part(t)).createOrReplaceTempView(t)
        row = spark.sql(SQL.format(over="add_months(t0, 12)", cutoff=cutoff, first=first)).collect()[0]
        results["Spark " + pyspark.__version__] = (row.n, row.k)
        spark.stop()

    with open(out / "data" / "kanwil.csv", encoding="utf-8") as f:
        for r in csv.DictReader(f):
            if (r["measure"], r["definition"], r["population"], r["window_months"]) == ("return", "P1.person.v1", "maluku", "12") \
                    and not r["dimension_1"] and not r["dimension_2"]:
                results["reintegrasi"] = (int(float(r["denominator"])), int(float(r["numerator"])))
    for name, (n, k) in results.items():
        print(f"{name:20} {k} / {n}")
    if len({(n, k) for n, k in results.values()}) != 1:
        sys.exit("they do not agree")


if __name__ == "__main__":
    main()

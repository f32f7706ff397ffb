#!/bin/sh
# Run once by the PostgreSQL image on an empty volume: the application's role may read and write rows, and own nothing.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$APP_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE redress_app LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE redress TO redress_app;
GRANT USAGE ON SCHEMA public TO redress_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO redress_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO redress_app;
SQL

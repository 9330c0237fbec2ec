#!/bin/bash
# One database and one role for each service; no role can open another's. Made with the cluster; for a service that came
# later, or a new password, run it again:
#
#     docker compose -f infra/compose.yaml exec postgres bash /docker-entrypoint-initdb.d/10-databases.sh
set -euo pipefail

# Names are ours and passwords hexadecimal: nothing here needs quoting.
while read -r name password; do
    psql -v ON_ERROR_STOP=1 --quiet --username postgres --dbname postgres <<SQL
SELECT 'CREATE ROLE $name LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '$name')\gexec
ALTER ROLE $name PASSWORD '$password';
SELECT 'CREATE DATABASE $name OWNER $name' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '$name')\gexec
REVOKE CONNECT, TEMPORARY ON DATABASE $name FROM PUBLIC;
SQL
done </run/shop/roles
psql -v ON_ERROR_STOP=1 --quiet --username postgres --dbname postgres \
    -c 'REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC'

/** Deployment files of every kind that is read for poolers, by path. */
export const deploymentSamples: Readonly<Record<string, string>> = {
  "docker-compose.yml": `x-common: &common
  restart: always
services:
  api:
    <<: *common
    build: { context: ., dockerfile: Dockerfile }
    env_file: [.env]
    environment:
      DATABASE_URL: postgres://app:\${DB_PASSWORD:-secret}@pgbouncer:6432/app?pgbouncer=true&options=-c%20a=b
    depends_on: { pgbouncer: { condition: service_healthy } }
    deploy: { replicas: 2 }
  pgbouncer:
    image: edoburu/pgbouncer:v1.23.1-p2
    environment:
      - DB_HOST=db
      - POOL_MODE=transaction
      - MAX_CLIENT_CONN=\${CLIENTS:-100}
    ports: ["127.0.0.1:6432:5432", "6433:5432"]
    ulimits: { nofile: { soft: 1024, hard: 2048 } }
    volumes: ["./pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini:ro"]
    healthcheck: { test: [CMD, pg_isready] }
    stop_grace_period: 1m30s
  db:
    image: postgres:17.2
    command: postgres -c max_connections=200
`,
  "pgbouncer.ini": `;; the pooler
[databases]
app = host=db port=5432 user=app password='it''s' pool_size=5 pool_mode=session
* = host=db auth_user=asker
[users]
app = pool_mode=session max_user_connections=5
[peers]
1 = host=a
[pgbouncer]
%include more.ini
listen_addr = *
pool_mode = transaction
track_extra_parameters = IntervalStyle, search_path
server_reset_query = DISCARD ALL
query_timeout = 0.5
`,
  "more.ini": "max_client_conn = 500\n",
  ".env": "DB_PASSWORD=hunter2\nDIRECT_URL=postgres://app:p@db:5432/app\nPGHOST=db\nPGPORT=5432\nPGUSER=app\n",
  Dockerfile: `ARG V=v1.25.1-p0
FROM node:22 AS build
RUN npm ci
FROM edoburu/pgbouncer:\${V}
ENV POOL_MODE=transaction MAX_CLIENT_CONN="200"
COPY --from=build /x /y
COPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
HEALTHCHECK CMD pg_isready
STOPSIGNAL SIGINT
CMD ["pgbouncer", "/etc/pgbouncer/pgbouncer.ini"]
`,
  "k8s/pooler.yaml": `apiVersion: v1
kind: ConfigMap
metadata: { name: conf }
data:
  pgbouncer.ini: |
    [databases]
    app = host=db
    [pgbouncer]
    pool_mode = transaction
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bouncer }
spec:
  replicas: 2
  template:
    metadata: { labels: { app: bouncer } }
    spec:
      terminationGracePeriodSeconds: 60
      volumes: [{ name: c, configMap: { name: conf } }]
      containers:
        - name: pgbouncer
          image: edoburu/pgbouncer:v1.24.1-p1
          envFrom: [{ configMapRef: { name: conf } }]
          env:
            - { name: POOL_MODE, value: transaction }
            - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: s, key: k } } }
          volumeMounts: [{ name: c, mountPath: /etc/pgbouncer }]
          readinessProbe: { tcpSocket: { port: 5432 } }
---
apiVersion: v1
kind: Service
metadata: { name: bouncer }
spec: { type: LoadBalancer, selector: { app: bouncer }, ports: [{ port: 6432, targetPort: 5432 }] }
---
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: { name: pooler }
spec: { cluster: { name: main }, instances: 2, pgbouncer: { poolMode: transaction, parameters: { max_client_conn: "1000" } } }
`,
  "chart/Chart.yaml": "name: app\nversion: 1.0.0\n",
  "chart/values.yaml":
    "pgbouncer:\n  enabled: true\n  image: { repository: bitnami/pgbouncer, tag: 1.22.1 }\n  env: [{ name: PGBOUNCER_POOL_MODE, value: transaction }]\n  count: 2\n",
  "chart/templates/bouncer.yaml": `{{- if .Values.pgbouncer.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "x" . }}-b
  labels: {{- toYaml .Values.labels | nindent 4 }}
spec:
  replicas: {{ .Values.pgbouncer.count | default 2 }}
  template:
    spec:
      containers:
        - name: b
          image: "{{ .Values.pgbouncer.image.repository }}:{{ .Values.pgbouncer.image.tag }}"
{{- end }}
`,
  "postgresql.conf": "max_connections = 100 # all\nshared_buffers '1GB'\n",
  "compose.prod.yaml": "services:\n  api:\n    environment: !override { A: b }\n    ports: !reset []\n",
};

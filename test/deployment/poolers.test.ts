import { describe, expect, it } from "vitest";
import type { Deployment, PoolerDeployment } from "../../analyzers/index.ts";
import { readDeployed } from "../../analyzers/deployment/read-deployed.ts";

const deploymentOf = (texts: Readonly<Record<string, string>>): Deployment =>
  readDeployed(Object.entries(texts).map(([path, text]) => ({ filename: path, path, text }))).deployment;

/** The only pooler of a project. */
const pooler = (texts: Readonly<Record<string, string>>): PoolerDeployment => {
  const [found, ...others] = deploymentOf(texts).poolers;
  if (found === undefined || others.length > 0)
    throw new Error(`${String(others.length + (found === undefined ? 0 : 1))} poolers`);
  return found;
};

const settings = ({ settings: all }: PoolerDeployment): Record<string, string> =>
  Object.fromEntries(
    [...all.values()]
      .filter(({ via }) => via !== "image-default")
      .map(({ name, value }) => [name, value.is === "known" ? value.value : `? ${value.because}`]),
  );

const setting = ({ settings: all }: PoolerDeployment, name: string): string | undefined => {
  const value = all.get(name)?.value;
  return value?.is === "known" ? value.value : undefined;
};

const databases = ({ databases: entries }: PoolerDeployment): string[] =>
  entries.map(
    ({ name, settings: pairs }) =>
      `${name.is === "known" ? name.value : "?"}: ${pairs.map((pair) => `${pair.name}=${pair.value.is === "known" ? pair.value.value : "?"}`).join(" ")}`,
  );

const compose = (image: string, environment: string): Record<string, string> => ({
  "docker-compose.yml": `services:\n  pgbouncer:\n    image: ${image}\n    environment:\n${environment
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n")}\n`,
});

describe("the image edoburu/pgbouncer", () => {
  const found = pooler(
    compose(
      "edoburu/pgbouncer:v1.23.1-p2",
      "DB_HOST: db\nDB_NAME: app\nDB_USER: app\nPOOL_MODE: transaction\nMAX_CLIENT_CONN: 500\nPGBOUNCER_POOL_MODE: session\nTRACK_EXTRA_PARAMETERS: search_path",
    ),
  );

  it("takes parameters without a prefix", () => {
    expect(settings(found)).toEqual({ pool_mode: "transaction", max_client_conn: "500" });
    expect(found.version).toMatchObject({ is: "known", value: "1.23.1" });
  });

  it("has defaults of its own", () => {
    expect(setting(found, "listen_port")).toBe("5432");
    expect(setting(found, "ignore_startup_parameters")).toBe("extra_float_digits");
  });

  it("passes other variables over in silence", () => {
    expect(found.withoutEffect.map(({ name, because }) => `${name}: ${because}`)).toEqual([
      "PGBOUNCER_POOL_MODE: edoburu/pgbouncer calls it POOL_MODE",
      "TRACK_EXTRA_PARAMETERS: edoburu/pgbouncer has no variable for track_extra_parameters",
    ]);
  });

  it("makes one line of databases, for all when it has no name", () => {
    expect(databases(found)).toEqual(["app: host=db"]);
    expect(databases(pooler(compose("edoburu/pgbouncer", "DB_HOST: db")))).toEqual(["*: host=db"]);
    expect(databases(pooler(compose("edoburu/pgbouncer", "DATABASE_URL: postgres://u:p@db:5433/app")))).toEqual([
      "app: host=db port=5433",
    ]);
  });

  it("with POOL_SIZE does not start", () => {
    expect(setting(pooler(compose("edoburu/pgbouncer", "DB_HOST: db\nPOOL_SIZE: 5")), "pool_size")).toBe("5");
  });
});

describe("the image bitnami/pgbouncer, under any registry", () => {
  it.each([
    "bitnami/pgbouncer:1.22.1-debian-12-r3",
    "docker.io/bitnamilegacy/pgbouncer:1.22.1",
    "public.ecr.aws/bitnami/pgbouncer:1.22.1",
  ])("%s", (image) => {
    const found = pooler(
      compose(
        image,
        "PGBOUNCER_POOL_MODE: transaction\nPGBOUNCER_PORT: 6543\nPOSTGRESQL_HOST: db\nPGBOUNCER_DATABASE: app\nPOSTGRESQL_USERNAME: app",
      ),
    );
    expect(settings(found)).toEqual({ pool_mode: "transaction", listen_port: "6543" });
    expect(found.version).toMatchObject({ value: "1.22.1" });
    expect(databases(found)).toEqual(["app: host=db"]);
    expect(found.knownUsers).toEqual(["app"]);
  });

  it("forces the user when it is told so, and knows no users when others may log in", () => {
    const forced = pooler(
      compose("bitnami/pgbouncer", "POSTGRESQL_HOST: db\nPOSTGRESQL_USERNAME: app\nPGBOUNCER_SET_DATABASE_USER: 'yes'"),
    );
    expect(databases(forced)).toEqual(["postgres: host=db user=app"]);
    const open = pooler(compose("bitnami/pgbouncer", "POSTGRESQL_USERNAME: app\nPGBOUNCER_AUTH_USER: asker"));
    expect(open.knownUsers).toBeUndefined();
  });

  it("takes more databases, without their passwords", () => {
    const found = pooler(
      compose(
        "bitnami/pgbouncer",
        "POSTGRESQL_HOST: db\nPGBOUNCER_DSN_0: live=host=db password=hunter2 pool_mode=session",
      ),
    );
    expect(databases(found)).toEqual(["postgres: host=db", "live: host=db pool_mode=session"]);
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  it("says nothing of variables that are read from files", () => {
    expect(pooler(compose("bitnami/pgbouncer", "PGBOUNCER_POOL_MODE_FILE: /run/x")).withoutEffect).toEqual([]);
  });
});

describe("a missing env_file", () => {
  it("leaves open what the pooler is set to, and is named", () => {
    const text = "services:\n  p:\n    image: edoburu/pgbouncer:v1.24.1-p1\n    env_file: .env.bouncer\n";
    const found = pooler({ "docker-compose.yml": text });
    expect(found.isWhole).toBe(false);
    expect(found.problems.map(({ message }) => message)).toEqual([
      "env_file .env.bouncer is not among the audited files",
    ]);
    const there = { "docker-compose.yml": text, ".env.bouncer": "POOL_MODE=transaction\n" };
    expect(settings(pooler(there))).toEqual({ pool_mode: "transaction" });
    expect(pooler(there).isWhole).toBe(true);
  });
});

describe("other images", () => {
  it("are read in both styles, and nothing follows from what they do not set", () => {
    const prefixed = pooler(
      compose("pgbouncer/pgbouncer:1.15.0", "DATABASES_HOST: db\nPGBOUNCER_POOL_MODE: transaction"),
    );
    expect(settings(prefixed)).toEqual({ pool_mode: "transaction" });
    expect(prefixed.isWhole).toBe(false);
    const plain = pooler(compose("registry.internal/tools/pgbouncer:7", "DB_HOST: db\nPOOL_MODE: session"));
    expect(settings(plain)).toEqual({ pool_mode: "session" });
    expect(plain.withoutEffect).toEqual([]);
  });

  it("of other poolers are their kind", () => {
    expect(pooler(compose("supabase/supavisor:2.7.4", "A: b")).kind).toBe("supavisor");
    expect(pooler(compose("ghcr.io/pgdogdev/pgdog", "A: b")).kind).toBe("pgdog");
  });

  it("that only watch one are none", () => {
    expect(deploymentOf(compose("prometheuscommunity/pgbouncer-exporter", "A: b")).poolers).toEqual([]);
  });

  it("that run its command are", () => {
    const text = "services:\n  p:\n    image: alpine:3\n    command: pgbouncer /etc/pgbouncer/pgbouncer.ini\n";
    expect(pooler({ "docker-compose.yml": text }).kind).toBe("pgbouncer");
  });
});

describe("a pgbouncer.ini", () => {
  const ini = "[databases]\napp = host=db\n[pgbouncer]\npool_mode = transaction\n";

  it("stands by itself", () => {
    expect(pooler({ "deploy/pgbouncer.ini": ini })).toMatchObject({ title: "deploy/pgbouncer.ini", isWhole: true });
  });

  it("in a container goes before its variables, and has its version", () => {
    const text =
      "services:\n  p:\n    image: edoburu/pgbouncer:1.21.0\n    environment: { POOL_MODE: session }\n    volumes: ['./conf/pgbouncer.ini:/etc/pgbouncer/pgbouncer.ini']\n";
    const found = pooler({ "docker-compose.yml": text, "conf/pgbouncer.ini": ini });
    expect(settings(found)).toEqual({ pool_mode: "transaction" });
    expect(found.version).toMatchObject({ value: "1.21.0" });
    expect(found.title).toBe("service p of docker-compose.yml with conf/pgbouncer.ini");
  });

  it("in a mounted folder, or copied by the Dockerfile of a service, too", () => {
    const folder = "services:\n  p:\n    image: edoburu/pgbouncer:1.21.0\n    volumes: ['./conf:/etc/pgbouncer']\n";
    expect(pooler({ "docker-compose.yml": folder, "conf/pgbouncer.ini": ini }).readFrom).toBe("ini");
    const built = "services:\n  p:\n    build: ./bouncer\n";
    const found = pooler({
      "docker-compose.yml": built,
      "bouncer/Dockerfile":
        "ARG V=v1.24.1-p1\nFROM edoburu/pgbouncer:${V}\nCOPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini\n",
      "bouncer/pgbouncer.ini": ini,
    });
    expect(found.version).toMatchObject({ value: "1.24.1" });
    expect(found.readFrom).toBe("ini");
  });

  it("that an entrypoint of the project's own fills in is not taken for the image's", () => {
    const files = {
      "bouncer/Dockerfile":
        'FROM edoburu/pgbouncer:v1.25.1-p0\nCOPY entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n',
    };
    expect(pooler(files).isWhole).toBe(false);
    const template = {
      "bouncer/Dockerfile": `${files["bouncer/Dockerfile"]}COPY pgbouncer.ini.template /etc/pgbouncer/pgbouncer.ini.template\n`,
      "bouncer/pgbouncer.ini.template": "[databases]\n[pgbouncer]\npool_mode = {{MODE}}\n",
    };
    expect(pooler(template)).toMatchObject({ readFrom: "ini", version: { value: "1.25.1" } });
  });

  it("in a ConfigMap is found, with its places in the manifest", () => {
    const manifest = `apiVersion: v1
kind: ConfigMap
metadata: { name: bouncer }
data:
  pgbouncer.ini: |
    [databases]
    app = host=db
    [pgbouncer]
    pool_mode = session
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: bouncer }
spec:
  replicas: 2
  template:
    spec:
      volumes: [{ name: conf, configMap: { name: bouncer } }]
      containers:
        - name: pgbouncer
          image: edoburu/pgbouncer:v1.25.1-p0
          volumeMounts: [{ name: conf, mountPath: /etc/pgbouncer }]
`;
    const found = pooler({ "k8s/bouncer.yaml": manifest });
    const place = found.settings.get("pool_mode")?.value.origin.location.range;
    expect(manifest.slice(place?.start, place?.end)).toBe("session");
    expect(found.container?.replicas).toMatchObject({ value: 2 });
    expect(found.version).toMatchObject({ value: "1.25.1" });
  });

  it("with placeholders is not known there", () => {
    const text =
      "[databases]\n{{ name }} = host=${DB_HOST}\n[pgbouncer]\npool_mode = <POOL_MODE>\nlisten_port = _listen_port\nmax_client_conn = 10\n";
    const found = pooler({ "pgbouncer.ini.template": text });
    expect(setting(found, "pool_mode")).toBeUndefined();
    expect(setting(found, "listen_port")).toBeUndefined();
    expect(setting(found, "max_client_conn")).toBe("10");
    expect(found.problems).toEqual([]);
  });

  it("keeps no password", () => {
    const text = "[databases]\napp = host=db user=a password='hun''ter2' pool_size=5\n[pgbouncer]\n";
    const found = pooler({ "pgbouncer.ini": text });
    expect(databases(found)).toEqual(["app: host=db user=a password=? pool_size=5"]);
    expect(JSON.stringify(found)).not.toMatch(/hun|ter2/);
  });

  it("that includes a file that is not there was read in part only", () => {
    const found = pooler({ "pgbouncer.ini": "[pgbouncer]\n%include /etc/pgbouncer/more.ini\n" });
    expect(found.isWhole).toBe(false);
    expect(found.problems).toMatchObject([
      { kind: "unread", message: "the included file /etc/pgbouncer/more.ini is not among the audited files" },
    ]);
  });

  it("needs a version that knows its keys", () => {
    expect(pooler({ "pgbouncer.ini": "[pgbouncer]\nmax_prepared_statements = 5\n" }).versionAtLeast).toBe("1.21");
    expect(pooler({ "pgbouncer.ini": "[pgbouncer]\n" }).versionAtLeast).toBeUndefined();
  });
});

describe("resources of operators", () => {
  it("Pooler of CloudNativePG leads to its cluster", () => {
    const text = `apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: { name: pooler-rw }
spec:
  cluster: { name: main }
  instances: 3
  type: rw
  pgbouncer:
    poolMode: transaction
    parameters: { max_client_conn: "1000", default_pool_size: "10" }
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: main }
spec:
  imageName: ghcr.io/cloudnative-pg/postgresql:17.2
  postgresql: { parameters: { max_connections: "200" } }
`;
    const { poolers, servers } = deploymentOf({ "k8s/db.yaml": text });
    expect(poolers.map(settings)).toEqual([
      { pool_mode: "transaction", max_client_conn: "1000", default_pool_size: "10" },
    ]);
    expect(poolers[0]?.container?.replicas).toMatchObject({ value: 3 });
    expect(poolers.map(databases)).toEqual([["*: host=main-rw"]]);
    expect(servers[0]?.version).toMatchObject({ value: 17 });
    expect(servers[0]?.settings.get("max_connections")).toMatchObject({ value: "200" });
  });

  it("Pooler is in session mode when it does not say it", () => {
    const text =
      "apiVersion: postgresql.cnpg.io/v1\nkind: Pooler\nmetadata: { name: p }\nspec: { cluster: { name: m }, pgbouncer: {} }\n";
    expect(setting(pooler({ "p.yaml": text }), "pool_mode")).toBe("session");
  });

  it("of Zalando and Crunchy have one when they ask for it", () => {
    const zalando =
      "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: { name: z }\nspec:\n  connectionPooler: { mode: session }\n";
    expect(settings(pooler({ "z.yaml": zalando }))).toEqual({ pool_mode: "session" });
    const without = "apiVersion: acid.zalan.do/v1\nkind: postgresql\nmetadata: { name: z }\nspec: {}\n";
    expect(deploymentOf({ "z.yaml": without }).poolers).toEqual([]);
    const crunchy =
      "apiVersion: postgres-operator.crunchydata.com/v1beta1\nkind: PostgresCluster\nmetadata: { name: c }\nspec:\n  proxy: { pgBouncer: { config: { global: { pool_mode: transaction } } } }\n";
    expect(settings(pooler({ "c.yaml": crunchy }))).toEqual({ pool_mode: "transaction" });
  });
});

describe("charts of Helm", () => {
  const chart = { "chart/Chart.yaml": "name: app\n" };

  it("templates are read with the values of their chart", () => {
    const template = `{{- if .Values.pooler.enabled }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "app.fullname" . }}-bouncer
  labels: {{- include "app.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.pooler.count | default 2 }}
  template:
    spec:
      containers:
        - name: bouncer
          image: "{{ .Values.pooler.image }}:{{ .Values.pooler.tag }}"
          env:
            - name: POOL_MODE
              value: {{ .Values.pooler.mode | quote }}
            - name: MAX_CLIENT_CONN
              value: {{ .Values.global.clients | quote }}
{{- end }}
`;
    const values = "pooler:\n  enabled: true\n  image: edoburu/pgbouncer\n  tag: v1.24.1-p1\n  mode: transaction\n";
    const found = pooler({ ...chart, "chart/values.yaml": values, "chart/templates/bouncer.yaml": template });
    expect(settings(found)).toEqual({
      pool_mode: "transaction",
      max_client_conn: "? it is put together in the cluster",
    });
    expect(found.version).toMatchObject({ value: "1.24.1" });
    expect(found.container?.replicas).toMatchObject({ value: 2 });
    expect(found.isWhole).toBe(false);
    expect(found.forDevelopment).toBe(false);
  });

  it("values hold poolers by their image and by their name", () => {
    const byImage =
      "pgbouncer:\n  image: { repository: bitnami/pgbouncer, tag: 1.23.1 }\n  env:\n    - { name: PGBOUNCER_POOL_MODE, value: transaction }\n";
    expect(settings(pooler({ "chart/values.yaml": byImage }))).toEqual({ pool_mode: "transaction" });
    const byName = "pgbouncer:\n  enabled: true\n  maxClientConn: 100\n  config: { pool_mode: transaction }\n";
    expect(settings(pooler({ "chart/values.yaml": byName }))).toEqual({
      max_client_conn: "100",
      pool_mode: "transaction",
    });
    const off = byName.replace("true", "false");
    expect(deploymentOf({ "chart/values.yaml": off }).poolers).toEqual([]);
  });
});

describe("servers", () => {
  const server = (texts: Readonly<Record<string, string>>) => deploymentOf(texts).servers[0];
  const db = (rest: string): Record<string, string> => ({
    "docker-compose.yml": `services:\n  db:\n    image: postgres:16.4-alpine\n${rest}`,
  });

  it.each([
    ["    command: postgres -c max_connections=300\n", "300"],
    ['    command: ["-c", "max_connections=301"]\n', "301"],
    ["    command: postgres --max-connections=302\n", "302"],
    ["    command: postgres -N 303\n", "303"],
  ])("have settings in their command: %s", (rest, value) => {
    expect(server(db(rest))?.settings.get("max_connections")).toMatchObject({ value });
    expect(server(db(rest))?.version).toMatchObject({ value: 16 });
  });

  it("have settings in a file", () => {
    const rest = "    volumes: ['./postgresql.conf:/etc/postgresql/postgresql.conf']\n";
    const conf = "# max_connections = 1\nmax_connections = 250  # for all\nshared_buffers '1GB'\n";
    const found = server({ ...db(rest), "postgresql.conf": conf });
    expect(found?.settings.get("max_connections")).toMatchObject({ value: "250" });
    expect(found?.settings.get("shared_buffers")).toMatchObject({ value: "1GB" });
  });

  it.each([
    ["timescale/timescaledb:latest-pg17", 17],
    ["pgvector/pgvector:pg16", 16],
    ["postgis/postgis:15-3.4", 15],
    ["supabase/postgres:15.8.1.085", 15],
    ["docker.io/bitnami/postgresql:16.2.0", 16],
  ])("are known by their images: %s", (image, version) => {
    expect(server({ "docker-compose.yml": `services:\n  db:\n    image: ${image}\n` })?.version).toMatchObject({
      value: version,
    });
  });

  it("are no clients of the same image", () => {
    expect(server(db("    command: pg_dump -h other\n"))).toBeUndefined();
    const job =
      "apiVersion: batch/v1\nkind: Job\nmetadata: { name: j }\nspec:\n  template:\n    spec:\n      containers: [{ name: c, image: 'postgres:16' }]\n";
    expect(server({ "j.yaml": job })).toBeUndefined();
  });
});

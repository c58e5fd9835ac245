import type { Analysis, Connection } from "../model.ts";

const isOn = (value: string | undefined): boolean => /^(?:database|true|on|yes|1)$/i.test(value ?? "");

/**
 * Whether a connection is one for replication, or taken from one: PgBouncer gives it a server connection of its own for as long as it lasts
 * (1.23 and newer; measured on 1.25.2: a SET stays and reaches nobody else), or refuses it (older).
 */
export function forReplication({
  connections,
  startupParameters,
}: Pick<Analysis, "connections" | "startupParameters">): (connection: Connection) => boolean {
  const marked = new Set(
    startupParameters
      .filter(({ name, value, confidence }) => name === "replication" && confidence === "certain" && isOn(value))
      .map(({ connection }) => connection.id),
  );
  const byId = new Map(connections.map((connection) => [connection.id, connection]));
  const isMarked = ({ id, from }: Connection, depth = 0): boolean =>
    marked.has(id) ||
    (depth < byId.size &&
      from.length > 0 &&
      from.every((origin) => {
        const connection = byId.get(origin);
        return connection !== undefined && isMarked(connection, depth + 1);
      }));
  return marked.size === 0 ? () => false : (connection) => isMarked(connection);
}

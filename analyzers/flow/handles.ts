import type { Driver, HandleShape } from "../drivers/driver.ts";
import type { Connection, SourceLocation } from "../model.ts";
import type { HandleValue } from "../source/values.ts";

/** What is known of a connection handle for the whole analysis. Its transaction state belongs to a path. */
export interface Handle {
  readonly id: number;
  readonly connection: Connection;
  readonly driver: Driver | undefined;
  readonly shape: HandleShape;
  /** True when a caller that was not seen passes it in. */
  readonly fromCaller: boolean;
}

/** Makes handles, the same one again for the same key, and the connections they belong to. */
export class HandleRegistry {
  readonly #handles: Handle[] = [];
  readonly #byKey = new Map<string, Handle>();
  readonly #connections = new Map<string, Connection>();
  readonly #views = new Map<string, { readonly driver: Driver; readonly shape: HandleShape }>();

  make(
    key: string,
    facts: {
      readonly driver: Driver | undefined;
      readonly shape: HandleShape;
      readonly known: Connection["known"];
      readonly location: SourceLocation;
      readonly fromCaller: boolean;
    },
  ): HandleValue {
    let handle = this.#byKey.get(key);
    if (handle === undefined) {
      handle = {
        id: this.#handles.length,
        driver: facts.driver,
        shape: facts.shape,
        fromCaller: facts.fromCaller,
        connection: this.#connection(facts),
      };
      this.#handles.push(handle);
      this.#byKey.set(key, handle);
    }
    return { kind: "handle", handle: handle.id };
  }

  /** The same connection looked at as another kind of handle: it keeps its scope. */
  view(value: HandleValue, driver: Driver, kind: string): HandleValue {
    if (kind === "") return { kind: "handle", handle: value.handle };
    const shape = Object.hasOwn(driver.handles, kind) ? driver.handles[kind] : undefined;
    if (shape === undefined) return value;
    const as = `${driver.name}/${kind}`;
    if (!this.#views.has(as)) this.#views.set(as, { driver, shape });
    return { kind: "handle", handle: value.handle, as };
  }

  get(value: HandleValue): Handle {
    const handle = this.#handles[value.handle];
    if (handle === undefined) throw new Error(`no handle ${String(value.handle)}`);
    const view = value.as === undefined ? undefined : this.#views.get(value.as);
    return view === undefined
      ? handle
      : {
          ...handle,
          driver: view.driver,
          shape: { ...view.shape, scope: handle.shape.scope, title: handle.shape.title },
        };
  }

  /** In the order they were first seen. */
  get connections(): Connection[] {
    return [...this.#connections.values()];
  }

  /** A connection that no handle of the program stands for: a `.sql` file. */
  addConnection(facts: Omit<Connection, "id">): Connection {
    const { file, range } = facts.location;
    const key = [file, range.start, range.end, facts.scope, facts.driver].join("\n");
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      connection = { id: this.#connections.size, ...facts };
      this.#connections.set(key, connection);
    }
    return connection;
  }

  #connection(facts: {
    readonly driver: Driver | undefined;
    readonly shape: HandleShape;
    readonly known: Connection["known"];
    readonly location: SourceLocation;
  }): Connection {
    return this.addConnection({
      scope: facts.shape.scope,
      driver: facts.driver?.name ?? "unknown",
      known: facts.known,
      location: facts.location,
    });
  }
}

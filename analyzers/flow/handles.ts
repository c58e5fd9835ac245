import type { Driver, HandleShape } from "../drivers/driver.ts";
import type { Connection, ConnectionUrl, DeclaredRoutes, PoolSize, SourceLocation } from "../model.ts";
import { routeOf } from "../source/connection-route.ts";
import { urlKey } from "../source/connection-url.ts";
import { type HandleValue } from "../source/values.ts";
import { identityOf } from "../source/value-key.ts";

/** What is known of a connection handle for the whole analysis. Its transaction state belongs to a path. */
export interface Handle {
  readonly id: number;
  readonly connection: Connection;
  readonly driver: Driver | undefined;
  readonly shape: HandleShape;
  /** True when a caller that was not seen passes it in. */
  readonly fromCaller: boolean;
  /** Whether it is in the transaction in whose callback it is used. */
  readonly followsFlow: boolean;
}

/** What a handle is made from. */
export interface HandleFacts {
  readonly driver: Driver | undefined;
  readonly shape: HandleShape;
  readonly known: Connection["known"];
  readonly location: SourceLocation;
  readonly fromCaller: boolean;
  /** Where it leads, where its settings were read. */
  readonly urls?: readonly ConnectionUrl[];
  /** The connection it is taken from, whose settings it shares. */
  readonly from?: Connection;
}

const most = (size: PoolSize): number =>
  size.kind === "known" ? size.value : size.kind === "setting" ? (size.fallback ?? 0) : 0;

const urlsKey = (urls: readonly ConnectionUrl[]): string => urls.map(urlKey).join(" ");

/** Makes handles, the same one again for the same key, and the connections they belong to. */
export class HandleRegistry {
  readonly #declared: DeclaredRoutes;
  readonly #handles: Handle[] = [];
  readonly #byKey = new Map<string, number>();
  readonly #connections = new Map<string, Connection & { readonly from: number[] }>();
  readonly #sizes = new Map<number, PoolSize>();
  readonly #views = new Map<string, { readonly driver: Driver; readonly shape: HandleShape }>();

  /** `declared` is what the user says of routes. */
  constructor(declared: DeclaredRoutes) {
    this.#declared = declared;
  }

  /**
   * The handle of a key. A place that makes connections to different addresses (a helper that is called with two URLs, a loop over both)
   * makes a handle for each, also for those of which nothing is known: what is found out of one says nothing of the others.
   */
  make(key: string, facts: HandleFacts): HandleValue {
    const { urls = facts.from?.urls ?? [], from } = facts;
    const whole = `${key} ${from?.route ?? ""} ${urlsKey(urls)}`;
    return { kind: "handle", handle: this.#byKey.get(whole) ?? this.#add(whole, { ...facts, urls }) };
  }

  /** A handle like this one, of which is known where it leads. */
  leading(value: HandleValue, urls: readonly ConnectionUrl[]): HandleValue {
    const { driver, shape, fromCaller, connection } = this.#handle(value.handle);
    if (connection.urls.length > 0) return value;
    const { known, location } = connection;
    return this.make(`leading:${String(value.handle)}`, { driver, shape, known, location, fromCaller, urls });
  }

  /**
   * Notes where a handle leads that was there before its settings were read: an instance of a class that extends a driver's. Settings that
   * are read again are added; none at all are as good as unknown ones.
   */
  tell(value: HandleValue, urls: readonly ConnectionUrl[]): void {
    const handle = this.#handle(value.handle);
    const { scope, driver, known, location, from, urls: before } = handle.connection;
    const said: readonly ConnectionUrl[] = urls.length === 0 ? [{ kind: "unknown" }] : urls;
    const all = [...new Map([...before, ...said].map((url) => [urlKey(url), url])).values()];
    const told = this.addConnection({ scope, driver, known, location, from, urls: all });
    this.#handles[handle.id] = { ...handle, connection: told };
  }

  #add(key: string, facts: HandleFacts): number {
    const handle: Handle = {
      id: this.#handles.length,
      driver: facts.driver,
      shape: facts.shape,
      fromCaller: facts.fromCaller,
      followsFlow: facts.shape.followsFlow === true,
      connection: this.addConnection({
        scope: facts.shape.scope,
        driver: facts.driver?.name ?? "unknown",
        known: facts.known,
        location: facts.location,
        urls: facts.urls ?? [],
        from: facts.from === undefined ? [] : [facts.from.id],
        ...(facts.from === undefined ? {} : { route: facts.from.route }),
      }),
    };
    this.#handles.push(handle);
    this.#byKey.set(key, handle.id);
    return handle.id;
  }

  #handle(id: number): Handle {
    const handle = this.#handles[id];
    if (handle === undefined) throw new Error(`no handle ${String(id)}`);
    return handle;
  }

  /** The same connection looked at as another kind of handle: it keeps its scope. */
  view(value: HandleValue, driver: Driver, kind: string): HandleValue {
    if (kind === "") {
      const { below } = this.#handle(value.handle).shape;
      return below === undefined ? { kind: "handle", handle: value.handle } : this.view(value, driver, below);
    }
    const shape = Object.hasOwn(driver.handles, kind) ? driver.handles[kind] : undefined;
    if (shape === undefined) return value;
    // Several tables may have the name of one package.
    const as = `${String(identityOf(driver))}/${kind}`;
    if (!this.#views.has(as)) this.#views.set(as, { driver, shape });
    return { kind: "handle", handle: value.handle, as };
  }

  get(value: HandleValue): Handle {
    const handle = this.#handle(value.handle);
    const view = value.as === undefined ? undefined : this.#views.get(value.as);
    return view === undefined
      ? handle
      : {
          ...handle,
          driver: view.driver,
          shape: { ...view.shape, scope: handle.shape.scope, title: handle.shape.title },
        };
  }

  /** Whether a handle is a query under construction, whose methods give it again: what it resolves to is a result, not a connection. */
  isBuilder(value: HandleValue): boolean {
    const made = this.#handles[value.handle];
    const { driver, shape } = (value.as === undefined ? undefined : this.#views.get(value.as)) ?? made ?? {};
    return shape?.others !== undefined && driver?.handles[shape.others] === shape;
  }

  /** Notes how many client connections a handle's pool opens; of several that are said, the largest counts. */
  size(value: HandleValue, size: PoolSize): void {
    const { connection } = this.#handle(value.handle);
    const known = this.#sizes.get(connection.id);
    if (known === undefined || most(size) > most(known)) this.#sizes.set(connection.id, size);
  }

  /** In the order they were first seen. */
  get connections(): Connection[] {
    return [...this.#connections.values()].map((connection) => {
      const size = this.#sizes.get(connection.id);
      return size === undefined ? connection : Object.assign(connection, { size });
    });
  }

  /**
   * The connection of these facts, the same again for the same place and addresses. Its route is that of the connection it is taken from,
   * else what the driver says, else what its addresses say.
   */
  addConnection(facts: Omit<Connection, "id" | "route"> & Partial<Pick<Connection, "route">>): Connection {
    const { scope, driver, urls } = facts;
    const { file, range } = facts.location;
    const route = facts.route ?? (scope === "direct" ? scope : routeOf(urls, this.#declared, file));
    const key = [file, range.start, range.end, scope, driver, route, urlsKey(urls)].join("\n");
    let connection = this.#connections.get(key);
    if (connection === undefined) {
      connection = {
        ...facts,
        id: this.#connections.size,
        route,
        from: [...facts.from],
      };
      this.#connections.set(key, connection);
    }
    for (const id of facts.from) if (!connection.from.includes(id)) connection.from.push(id);
    return connection;
  }
}

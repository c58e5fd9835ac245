/** What the programs use of the client, which is generated beside them when they run. */
type Tag<T> = (strings: TemplateStringsArray | Part, ...values: readonly unknown[]) => Query<T>;
type Unsafe<T> = (text: string, ...values: readonly unknown[]) => Query<T>;
/** A query that is sent when somebody waits for it. */
interface Query<T> extends Promise<T> {
  readonly [Symbol.toStringTag]: "PrismaPromise";
}
interface Part {
  readonly sql: string;
}
interface Queries {
  readonly $queryRaw: Tag<unknown[]>;
  readonly $executeRaw: Tag<number>;
  readonly $queryRawUnsafe: Unsafe<unknown[]>;
  readonly $executeRawUnsafe: Unsafe<number>;
}

interface Extension {
  readonly query: {
    readonly $allModels: {
      $allOperations(given: {
        readonly args: unknown;
        readonly query: (args: unknown) => Query<unknown>;
      }): Promise<unknown>;
    };
  };
}

export declare class PrismaClient implements Queries {
  constructor(options: { readonly adapter: unknown });
  readonly $queryRaw: Tag<unknown[]>;
  readonly $executeRaw: Tag<number>;
  readonly $queryRawUnsafe: Unsafe<unknown[]>;
  readonly $executeRawUnsafe: Unsafe<number>;
  $transaction<T>(work: (tx: Queries) => Promise<T>): Promise<T>;
  $transaction(queries: readonly Query<unknown>[]): Promise<unknown[]>;
  $extends(extension: Extension): PrismaClient;
  readonly note: { findMany(): Query<unknown[]> };
  $disconnect(): Promise<void>;
}

export declare const Prisma: {
  sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Part;
  raw(text: string): Part;
};

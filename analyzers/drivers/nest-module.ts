import type { ConnectOptions, ExportShape } from "./driver.ts";

/**
 * The module by which NestJS applications are given a connection: `forRoot(options)`, or `forRootAsync()` with a factory of the options
 * or a class whose method `givenBy` gives them. Read from nest-knexjs 0.0.34, @nestjs/sequelize 12.0.0, @mikro-orm/nestjs 7.1.0.
 */
export function nestModule(makes: string, options: ConnectOptions, givenBy: string): ExportShape {
  const given = { ...options, argument: 0 };
  const asynchronous: ConnectOptions = {
    argument: 0,
    startupParameters: {},
    nested: { useFactory: given, useClass: { ...given, givenBy }, useExisting: { ...given, givenBy } },
  };
  return {
    is: "namespace",
    exports: {
      forRoot: { is: "handle-maker", makes, options: given },
      forRootAsync: { is: "handle-maker", makes, options: asynchronous },
    },
  };
}

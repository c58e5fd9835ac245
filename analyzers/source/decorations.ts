import type { TSESTree } from "@typescript-eslint/types";
import { keyName } from "./names.ts";

/**
 * What web frameworks hand to every handler, by the names that programs give it: the application, a request, a response, a context, and
 * what hangs on those. Fastify, Express, Koa, Hono, Nitro, socket.io.
 */
const SHARED =
  /^(?:app|application|fastify|server|instance|api|req|request|res|reply|response|ctx|context|c|event|socket|io|locals|state|var|variables|raw)$/i;

/** Methods that hang a value on it under a name: `app.decorate("db", pool)`, `app.set("db", pool)`, `c.set("db", pool)`. */
const HANGING: ReadonlySet<string> = new Set(["decorate", "decorateRequest", "decorateReply", "set", "provide"]);

/** Methods that give the value of a name. */
const GIVING: ReadonlySet<string> = new Set(["get", "getDecorator", "inject"]);

/** Something that is hung on what every handler gets. */
export interface Decoration {
  readonly name: string;
  readonly value: TSESTree.Expression;
  /** The assignment or call that hangs it there. */
  readonly node: TSESTree.AssignmentExpression | TSESTree.CallExpression;
}

/** Whether an expression is, by its words, something that every handler gets, or hangs on it: `request.server`, `app.locals`. */
export function isShared(node: TSESTree.Node): boolean {
  switch (node.type) {
    case "Identifier":
      return SHARED.test(node.name);
    case "MemberExpression": {
      const name = keyName(node.property, node.computed);
      return (
        name !== undefined && SHARED.test(name) && (node.object.type === "ThisExpression" || isShared(node.object))
      );
    }
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSTypeAssertion":
    case "ChainExpression":
      return isShared(node.expression);
    default:
      return false;
  }
}

/** What an assignment or a call hangs on something that every handler gets. */
export function decorationIn(node: TSESTree.AssignmentExpression | TSESTree.CallExpression): Decoration | undefined {
  if (node.type === "AssignmentExpression") {
    const { left, right } = node;
    if (left.type !== "MemberExpression" || !isShared(left.object)) return undefined;
    const name = keyName(left.property, left.computed);
    return name === undefined ? undefined : { name, value: right, node };
  }
  const [first, value] = node.arguments;
  const method =
    node.callee.type === "MemberExpression" ? keyName(node.callee.property, node.callee.computed) : undefined;
  if (node.callee.type !== "MemberExpression" || method === undefined || !HANGING.has(method)) return undefined;
  if (first?.type !== "Literal" || typeof first.value !== "string" || value === undefined) return undefined;
  return isShared(node.callee.object) && value.type !== "SpreadElement"
    ? { name: first.value, value, node }
    : undefined;
}

/** The name of what a call asks for that hangs on something every handler gets: `req.app.get("db")`. */
export function decorationAsked(node: TSESTree.Node): string | undefined {
  if (node.type !== "CallExpression" || node.callee.type !== "MemberExpression") return undefined;
  const method = keyName(node.callee.property, node.callee.computed);
  const [first] = node.arguments;
  if (method === undefined || !GIVING.has(method) || !isShared(node.callee.object)) return undefined;
  return first?.type === "Literal" && typeof first.value === "string" ? first.value : undefined;
}

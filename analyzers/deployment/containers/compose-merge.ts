import type { Tree, TreeList, TreeMap } from "../yaml-tree.ts";

/** Keys whose lists replace those below instead of being added to them (docker compose, merge). */
const REPLACED = new Set(["command", "entrypoint", "test"]);
/** Keys whose lists of `NAME=value` are maps in another spelling. */
const MAP_LIKE = new Set(["environment", "labels", "args", "extra_hosts", "sysctls"]);
/** Keys whose lists hold things with a place of their own: the later of two at the same place counts. */
const BY_TARGET: Readonly<Record<string, (item: Tree) => string | undefined>> = {
  volumes: (item) => targetOf(item),
  configs: (item) => targetOf(item),
  secrets: (item) => targetOf(item),
};

function targetOf(item: Tree): string | undefined {
  if (item.kind === "map") {
    const target = item.entries.get("target") ?? item.entries.get("source");
    return target?.kind === "scalar" ? target.text : undefined;
  }
  if (item.kind !== "scalar") return undefined;
  const parts = item.text.split(":");
  return parts.length > 1 ? parts[1] : parts[0];
}

/** One file over another, as docker compose merges them: maps by key, most lists one behind the other, everything else replaced. */
export function mergeTrees(base: Tree | undefined, over: Tree | undefined, key = ""): Tree | undefined {
  if (over?.tag === "!reset") return undefined;
  if (base === undefined || over === undefined || over.tag === "!override") return over ?? base;
  if (MAP_LIKE.has(key)) return mergeMaps(asMap(base), asMap(over));
  if (key === "depends_on") return mergeMaps(keysAsMap(base), keysAsMap(over));
  if (base.kind === "map" && over.kind === "map") return mergeMaps(base, over);
  if (base.kind === "list" && over.kind === "list" && !REPLACED.has(key)) return mergeLists(base, over, key);
  return over.kind === "scalar" && over.isNull ? base : over;
}

function mergeMaps(base: Tree, over: Tree): Tree {
  if (base.kind !== "map" || over.kind !== "map") return over;
  const entries = new Map(base.entries);
  for (const [name, value] of over.entries) {
    const merged = mergeTrees(base.entries.get(name), value, name);
    if (merged === undefined) entries.delete(name);
    else entries.set(name, merged);
  }
  return { ...over, entries };
}

function mergeLists(base: TreeList, over: TreeList, key: string): TreeList {
  const target = BY_TARGET[key];
  if (target === undefined) return { ...over, items: [...base.items, ...over.items] };
  const replaced = new Set(over.items.map((item) => target(item)));
  return { ...over, items: [...base.items.filter((item) => !replaced.has(target(item))), ...over.items] };
}

/** `["NAME=value", "OTHER"]` as a map; what has no `=` is null there, as in a map. */
export function asMap(tree: Tree): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, Tree>();
  for (const item of tree.items) {
    if (item.kind !== "scalar") continue;
    const equals = item.text.indexOf("=");
    const name = equals < 0 ? item.text : item.text.slice(0, equals);
    entries.set(
      name,
      equals < 0 ? { ...item, text: "", isNull: true } : { ...item, text: item.text.slice(equals + 1), isNull: false },
    );
  }
  return { kind: "map", entries, origin: tree.origin } satisfies TreeMap;
}

/** `depends_on: [a, b]` as a map. */
function keysAsMap(tree: Tree): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map(
    tree.items.flatMap((item): [string, Tree][] =>
      item.kind === "scalar" ? [[item.text, { kind: "map", entries: new Map(), origin: item.origin }]] : [],
    ),
  );
  return { kind: "map", entries, origin: tree.origin };
}

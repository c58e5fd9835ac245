import type { TSESTree } from "@typescript-eslint/types";
import type { ExportTarget } from "../source/exports.ts";
import { packageName } from "../source/package-name.ts";
import type { SourceUnit } from "../source/source-unit.ts";
import { unknown, type Value } from "../source/values.ts";
import { externalValue } from "./externals.ts";
import type { Machine } from "./machine.ts";
import { PathState } from "./path-state.ts";
import { evaluateLazily } from "./variables.ts";

/** What exports and imports stand for. `resolve` is the face's knowledge of where a specifier leads. */
export function makeModules(
  machine: Machine,
  resolve: (from: string, specifier: string) => string | undefined,
): Pick<Machine, "exported" | "imported"> {
  const running = new Set<string>();
  const known = new Map<string, Value>();

  const fromTarget = (unit: SourceUnit, target: ExportTarget): Value => {
    switch (target.kind) {
      case "from":
        return imported(unit, target.module, target.imported);
      case "local":
        return localValue(machine, unit, target.name);
      case "node":
        return nodeValue(machine, unit, target.node);
    }
  };

  const exported: Machine["exported"] = (unit, name) => {
    const key = `${unit.filename}\n${name}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    if (running.has(key)) return unknown("an import cycle");
    running.add(key);
    const value = find(unit, name);
    running.delete(key);
    known.set(key, value);
    return value;
  };

  const find = (unit: SourceUnit, name: string): Value => {
    if (name === "*") return { kind: "namespace", unit };
    const { named, stars, commonjs } = unit.exports;
    if (name === "require")
      return commonjs === undefined
        ? { kind: "namespace", unit }
        : evaluateLazily(machine, commonjs, machine.moduleFrame(unit));
    const target = named.get(name);
    if (target !== undefined) return fromTarget(unit, target);
    if (commonjs !== undefined) {
      const whole = evaluateLazily(machine, commonjs, machine.moduleFrame(unit));
      if (name === "default") return whole;
      const outcomes = machine.property(
        whole,
        name,
        commonjs,
        new PathState(),
        machine.lazyActivation(machine.moduleFrame(unit)),
      );
      return outcomes[0]?.value ?? unknown(`\`${name}\` of ${unit.filename}`);
    }
    // A CommonJS module that assigns names only is imported as a whole by a default import.
    if (name === "default" && named.size > 0 && stars.length === 0) return { kind: "namespace", unit };
    for (const star of stars) {
      const value = imported(unit, star, name);
      if (value.kind !== "unknown") return value;
    }
    return unknown(`\`${name}\` is not exported where it is looked for`);
  };

  const imported: Machine["imported"] = (unit, written, name) => {
    const specifier = packageName(written);
    const filename = resolve(unit.filename, specifier);
    const here = { file: unit.filename, range: { start: 0, end: 0 } };
    const { catalogue } = machine;
    if (catalogue.isDeclared(specifier, name)) return externalValue(machine, specifier, [name], here);
    const generated = catalogue.generatedModule(name);
    const isKnown = filename === undefined && catalogue.exportOf(specifier, [name]) !== undefined;
    if (filename === undefined && generated !== undefined && !isKnown) {
      return externalValue(machine, generated, [name], here);
    }
    if (filename === undefined && specifier.startsWith(".")) {
      return { ...unknown(`${specifier} was not seen`), identity: `${unit.filename}:${specifier}:${name}` };
    }
    if (filename === undefined) {
      return externalValue(machine, specifier, name === "*" || name === "require" ? [] : [name], here);
    }
    const target = machine.unitOf(filename);
    const value = target === undefined ? unknown(`${specifier} could not be read`) : exported(target, name);
    return value.kind === "unknown" && generated !== undefined
      ? externalValue(machine, generated, [name], here)
      : value;
  };

  return { exported, imported };
}

function localValue(machine: Machine, unit: SourceUnit, name: string): Value {
  const variable = unit.scopeManager.scopes
    .filter((scope) => scope.type === "module" || scope.type === "global")
    .map((scope) => scope.set.get(name))
    .find((found) => found !== undefined && found.defs.length > 0);
  return variable === undefined ? unknown(`\`${name}\``) : machine.lazyValue(unit, variable);
}

function nodeValue(machine: Machine, unit: SourceUnit, node: TSESTree.Node): Value {
  const frame = machine.moduleFrame(unit);
  if (node.type === "ClassDeclaration") return { kind: "class", node, unit, frame };
  if (node.type === "FunctionDeclaration") return { kind: "function", node, unit, frame };
  return evaluateLazily(machine, node, frame);
}

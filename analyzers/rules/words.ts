/** A template with `{{name}}` filled in; a name without a value leaves nothing. */
export const fill = (template: string, data: Readonly<Record<string, string>>): string =>
  template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => data[name] ?? "");

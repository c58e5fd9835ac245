/** The text of a file, kept in the bundle. */
declare module "*?raw" {
  const text: string;
  export default text;
}

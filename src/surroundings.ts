import picocolors from "picocolors";

/** A progress display that was started. */
export interface Progress {
  readonly update: (message: string) => void;
  readonly stop: () => void;
}

/** Where a run writes and what it knows of its surroundings; a test gives its own. */
export interface Surroundings {
  /** Standard output: the report and nothing else. */
  readonly out: (text: string) => void;
  /** Standard error: hints, progress and mistakes. */
  readonly error: (text: string) => void;
  readonly cwd: string;
  readonly colorOut: boolean;
  /** Columns of the terminal; absent where there is none. */
  readonly width?: number;
  /** Asks the user and gives the answer, empty for none; absent where there is nobody to ask. */
  readonly ask?: (question: string) => string;
  /** Starts a progress display; absent where there is no terminal, and in CI. */
  readonly progress?: (message: string) => Progress;
}

/** Whether a stream is to be coloured: a terminal, unless NO_COLOR is set; FORCE_COLOR decides before both. */
export function wantsColor(isTerminal: boolean, environment: Readonly<Record<string, string | undefined>>): boolean {
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return (environment["NO_COLOR"] ?? "") === "" && isTerminal && picocolors.isColorSupported;
}

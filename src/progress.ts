import spinner from "yocto-spinner";
import type { Progress } from "./surroundings.ts";

const HIDE_CURSOR = "\u001b[?25l";

/**
 * Shows what is being done on standard error. The analysis is synchronous, so no handler of a signal would run before its end: Ctrl-C is left
 * to end the process at once, and the cursor is not hidden because nobody would show it again.
 */
export function startProgress(message: string): Progress {
  const { stderr } = process;
  const stream = Object.create(stderr) as typeof stderr;
  stream.write = (text: string | Uint8Array): boolean => (text === HIDE_CURSOR ? true : stderr.write(text));
  const display = spinner({ text: message, stream, handleSignals: false }).start();
  return {
    update: (next) => {
      display.text = next;
    },
    stop: () => {
      display.stop();
    },
  };
}

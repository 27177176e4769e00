import type { RenderOptions } from '../kit/render-options.ts'

/** A stream that text is written to. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** Render options for a file: no colour, no line width, UTF-8, everything. */
export const fileRenderOptions: RenderOptions = {
  width: undefined,
  colour: false,
  unicode: true,
  full: true,
}

/**
 * Decides on colour, width and Unicode. Colour, in order of precedence: `--no-color`, FORCE_COLOR, NO_COLOR
 * (no-color.org), TERM=dumb, whether the stream is a terminal. Unicode needs a UTF-8 locale. COLUMNS sets the
 * width, with and without a terminal.
 */
export function renderOptionsFor(
  terminal: Terminal,
  { env, noColour }: { readonly env: NodeJS.ProcessEnv; readonly noColour: boolean },
): RenderOptions {
  return {
    width: columnsIn(env) ?? (terminal.isTTY ? terminal.columns || defaultWidth : undefined),
    colour: !noColour && (forceColour(env) ?? defaultColour(terminal, env)),
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
  }
}

/** Columns of a terminal that does not know its width, such as one without a window. */
const defaultWidth = 80

function columnsIn({ COLUMNS: columns = '' }: NodeJS.ProcessEnv): number | undefined {
  return /^[1-9]\d{0,3}$/.test(columns) ? Number(columns) : undefined
}

function forceColour(env: NodeJS.ProcessEnv): boolean | undefined {
  if (env.FORCE_COLOR === undefined) return undefined
  return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
}

function defaultColour(terminal: Terminal, env: NodeJS.ProcessEnv): boolean {
  return terminal.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

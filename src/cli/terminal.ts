import type { RenderOptions } from '../kit/render-options.ts'

/** Where text goes, and what is known about it. */
export interface Terminal {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** A file: no colour, no end of line, and always UTF-8. */
export const fileRenderOptions: RenderOptions = { width: undefined, colour: false, unicode: true }

/**
 * The one decision on colour, width and Unicode. By rank: `--no-color`, FORCE_COLOR, NO_COLOR
 * (no-color.org), TERM=dumb, and whether it is a terminal at all. Unicode needs a UTF-8 locale. COLUMNS says
 * how wide text may be, on a terminal or not.
 */
export function renderOptionsFor(
  screen: Terminal,
  given: { readonly env: NodeJS.ProcessEnv; readonly noColour: boolean },
): RenderOptions {
  const { env, noColour } = given
  return {
    width: asked(env) ?? (screen.isTTY ? screen.columns || usual : undefined),
    colour: !noColour && (forced(env) ?? wanted(screen, env)),
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
  }
}

/** Columns of a terminal that does not know how many it has, as one without a window. */
const usual = 80

function asked({ COLUMNS: columns = '' }: NodeJS.ProcessEnv): number | undefined {
  return /^[1-9]\d{0,3}$/.test(columns) ? Number(columns) : undefined
}

function forced(env: NodeJS.ProcessEnv): boolean | undefined {
  if (env.FORCE_COLOR === undefined) return undefined
  return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
}

function wanted(screen: Terminal, env: NodeJS.ProcessEnv): boolean {
  return screen.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
}

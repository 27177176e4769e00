import { Chalk } from 'chalk'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { ascii } from './ascii.ts'

/** The few ways in which terminal text stands out, or not, as the look decides. */
interface Palette {
  /** Puts text into characters that the screen can show. */
  plain(text: string): string
  strong(text: string): string
  faint(text: string): string
  bad(text: string): string
  careful(text: string): string
}

/** A terminal, and how to write on it. */
export interface Screen {
  readonly look: RenderOptions
  readonly paint: Palette
}

/** A screen whose colours are chalk's, told what to do instead of finding out by itself. */
export function screen(look: RenderOptions): Screen {
  const chalk = new Chalk({ level: look.colour ? 1 : 0 })
  return {
    look,
    paint: {
      plain: look.unicode ? (text) => text : ascii,
      strong: (text) => chalk.bold(text),
      faint: (text) => chalk.dim(text),
      bad: (text) => chalk.red(text),
      careful: (text) => chalk.yellow(text),
    },
  }
}

import { Chalk } from 'chalk'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { ascii } from './ascii.ts'

/** Styles of terminal text; without colour they do nothing. */
export interface Palette {
  /** Replaces characters that the terminal cannot show. */
  plain(text: string): string
  strong(text: string): string
  faint(text: string): string
  good(text: string): string
  bad(text: string): string
  careful(text: string): string
}

/** A terminal: its options, and the styles for text on it. */
export interface Terminal {
  readonly options: RenderOptions
  readonly paint: Palette
}

/** The terminal for these options; chalk does not detect colour by itself. */
export function terminal(options: RenderOptions): Terminal {
  const chalk = new Chalk({ level: options.colour ? 1 : 0 })
  return {
    options,
    paint: {
      plain: options.unicode ? (text) => text : ascii,
      strong: (text) => chalk.bold(text),
      faint: (text) => chalk.dim(text),
      good: (text) => chalk.green(text),
      bad: (text) => chalk.red(text),
      careful: (text) => chalk.yellow(text),
    },
  }
}

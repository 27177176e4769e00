import type { RenderOptions } from '../../src/kit/render-options.ts'
import { wrap } from '../../src/kit/wrap.ts'
import { terminal } from '../layout/terminal.ts'

/** Something that can be named on the command line, with its description. */
export interface Listed {
  readonly name: string
  readonly summary: string
  readonly details?: Readonly<Record<string, string>>
}

/** A list for a terminal: one line per item, or one paragraph if any has details. */
export function listing(items: readonly Listed[], options: RenderOptions): string {
  const { paint } = terminal(options)
  const wide = Math.max(0, ...items.map(({ name }) => name.length))
  const brief = items.every(({ details = {} }) => Object.keys(details).length === 0)
  const entries = items.map(({ name, summary, details = {} }) => {
    if (brief) {
      const line = wrap(paint.plain(`${name.padEnd(wide)}  ${summary}`), options.width, wide + 2)
      return line.replace(name, paint.strong(name))
    }
    const lines = [summary, ...Object.entries(details).map(([key, value]) => `${key}: ${value}`)]
    const room = options.width && options.width - 2
    return [
      paint.strong(name),
      ...lines.map((text) => `  ${wrap(paint.plain(text), room, 4)}`),
    ].join('\n')
  })
  return `${entries.join(brief ? '\n' : '\n\n')}\n`
}

import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { Configuration } from '../../src/targets/configurations.ts'
import { terminal } from '../layout/terminal.ts'

/** The configuration of each arm with the command that starts it, as it would be written to its file. */
export function configurationsText(all: readonly Configuration[], options: RenderOptions): string {
  const { paint } = terminal(options)
  return all
    .map(({ arm, commandLine, text }) => {
      const head = paint.strong(paint.plain(`==> ${arm} <==`))
      const started = commandLine === undefined ? [] : [`# started as: ${commandLine}`]
      return `${[head, ...started, ...(text === undefined ? [] : [text.trimEnd()])].join('\n')}\n`
    })
    .join('\n')
}

import type { RenderOptions } from '../../src/kit/render-options.ts'
import type { Configuration } from '../../src/targets/configurations.ts'
import { screen } from '../layout/screen.ts'

/** Each configuration under its arm, with the line that starts it; the text as it would be in its file. */
export function configurationsText(all: readonly Configuration[], look: RenderOptions): string {
  const { paint } = screen(look)
  return all
    .map(({ arm, commandLine, text }) => {
      const head = paint.strong(paint.plain(`==> ${arm} <==`))
      const started = commandLine === undefined ? [] : [`# started as: ${commandLine}`]
      return `${[head, ...started, ...(text === undefined ? [] : [text.trimEnd()])].join('\n')}\n`
    })
    .join('\n')
}

import type { RenderOptions } from '../../../src/kit/render-options.ts'
import { quantity } from '../../../src/kit/units.ts'
import { terminal } from '../../layout/terminal.ts'

/** One visit with its requests, as `--once` shows it. Times in ms. */
export interface ShownVisit {
  readonly journey: string
  readonly requests: readonly {
    readonly step: string
    readonly sent: string
    readonly head: string
    readonly body: string
    readonly ms: number
    readonly failure?: string
    readonly checks: readonly { readonly text: string; readonly passed: boolean }[]
  }[]
}

/** Each visit for a terminal: every request, its response and its checks. */
export function onceText(visits: readonly ShownVisit[], options: RenderOptions): string {
  const { paint } = terminal(options)
  const block = (mark: string, text: string): string[] =>
    text === ''
      ? []
      : text
          .trimEnd()
          .split(/\r?\n/)
          .map((line) => paint.faint(paint.plain(`${mark} ${line}`)))
  const lines = visits.flatMap(({ journey, requests }) => [
    paint.strong(paint.plain(`journey ${journey}`)),
    ...requests.flatMap(({ step, sent, head, body, ms, failure, checks }) => {
      const [status = ''] = head.split('\r\n', 1)
      const outcome = failure ?? status.replace(/^HTTP\/[\d.]+ /, '')
      const title = paint.plain(`${step}: ${outcome}, ${quantity(ms / 1e3, 's')}`)
      return [
        '',
        failure === undefined ? paint.strong(title) : paint.bad(title),
        ...block('>', sent),
        ...block('<', head),
        ...block('<', body),
        ...checks.map(({ text, passed }) =>
          passed
            ? paint.good(paint.plain(`pass: ${text}`))
            : paint.bad(paint.plain(`FAIL: ${text}`)),
        ),
      ]
    }),
    '',
  ])
  return `${lines.join('\n')}\n`
}

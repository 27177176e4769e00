import { UsageError } from '../../kit/errors.ts'
import {
  type MetricKind,
  type TranslatedThreshold,
  translateThreshold,
} from './translate-threshold.ts'

/** The source of a script, for the lines of messages. */
export interface ScriptSource {
  readonly file: string
  readonly text: string
}

/**
 * The thresholds of k6's options in the grammar of `lb load`.
 *
 * @throws {UsageError} one cannot be read, or says what `lb` does not measure
 */
export function readThresholds(
  thresholds: unknown,
  metrics: Readonly<Record<string, MetricKind>>,
  source: ScriptSource,
): TranslatedThreshold[] {
  if (thresholds === undefined || thresholds === null) return []
  return Object.entries(thresholds as Record<string, unknown>).flatMap(([metric, given]) => {
    // Where the options are written in the script.
    const where = whereIs(metric, source, Math.max(0, source.text.indexOf('thresholds')))
    return [given].flat().map((one) => {
      const { threshold, abortOnFail } =
        typeof one === 'string' ? { threshold: one, abortOnFail: false } : readObject(one, where)
      return translateThreshold(
        { metric, expression: threshold, abort: abortOnFail, where },
        metrics,
      )
    })
  })
}

function readObject(
  given: unknown,
  where: string,
): { readonly threshold: string; readonly abortOnFail: boolean } {
  const { threshold, abortOnFail = false } = (given ?? {}) as Record<string, unknown>
  if (typeof threshold !== 'string')
    throw new UsageError(
      `${where}: a threshold is ${JSON.stringify(given)}`,
      "write 'p(95)<200' or { threshold: 'p(95)<200', abortOnFail: true }",
    )
  return { threshold, abortOnFail: abortOnFail === true }
}

/** The line of a name from a place in the script on. */
function whereIs(name: string, { file, text }: ScriptSource, from: number): string {
  const at = text.indexOf(name, from)
  return at === -1 ? file : `${file}, line ${text.slice(0, at).split('\n').length}`
}

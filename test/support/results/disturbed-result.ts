import { analysed } from '../../../src/experiment/run/analysed.ts'
import type { Measurement, PhaseEnding, ResultDocument } from '../../../src/result/document.ts'
import type { Reason } from '../../../src/result/reason.ts'

/** A result with other trials, analysed anew as a run does. */
function withTrials(
  document: ResultDocument,
  trials: readonly Measurement[],
  phaseEndings: readonly PhaseEnding[] = document.phaseEndings,
): ResultDocument {
  return analysed(
    { ...document, warnings: [] },
    { trials: [...trials], witnessed: [], phaseEndings: [...phaseEndings] },
    { cpus: 2, noise: undefined, isComplete: phaseEndings === document.phaseEndings },
  )
}

/** A run on a machine that other programs used: most trials waited for a CPU, and broke Little's law. */
export function busyResult(document: ResultDocument): ResultDocument {
  const waited = (waitShare: number, switches: number): Reason => ({
    code: 'run-queue-wait',
    values: { role: 'target', waitShare, switches, othersCpus: 0.62 },
  })
  const trials = document.trials.map((one, i): Measurement => {
    if (i % 5 === 0) return one
    const reasons: Reason[] = [
      waited(0.2 + 0.01 * i, 100 + i),
      { code: 'cpu-stolen', values: { share: 0.1 } },
      { code: 'littles-law', values: { ratio: 0.95 } },
      { code: 'throughput-unsteady', values: {} },
    ]
    return { ...one, verdict: { ...one.verdict, valid: false, reasons } }
  })
  const found = withTrials(document, trials)
  const detail = 'perf says <not supported>'
  return {
    ...found,
    warnings: [...found.warnings, { code: 'instructions-not-counted', values: { detail } }],
  }
}

/** A run that was interrupted after its first trials. */
export function interruptedResult(document: ResultDocument, measured: number): ResultDocument {
  const ending = { phase: 'capacity', blocks: 1, endedBy: 'interrupted' } as const
  return withTrials(document, document.trials.slice(0, measured), [ending])
}

/** A later run of the same plan, in which targets take `factor` times as much CPU. */
export function slowerResult(document: ResultDocument, factor: number): ResultDocument {
  const trials = document.trials.map(
    (one): Measurement => ({
      ...one,
      processes: one.processes.map((cost) =>
        cost.role === 'target'
          ? {
              ...cost,
              userSeconds: cost.userSeconds * factor,
              systemSeconds: cost.systemSeconds * factor,
            }
          : cost,
      ),
    }),
  )
  return withTrials(document, trials)
}

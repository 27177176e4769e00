import { rendered } from '../../reports/formats/rendered.ts'
import type { GateFlags } from '../cli/gate-flags.ts'
import type { Invocation } from '../cli/invocation.ts'
import { resultExitCode } from '../cli/result-exit-code.ts'
import { applyGates } from '../experiment/gates/apply-gates.ts'
import { gateRule } from '../experiment/gates/gate-rule.ts'
import { withoutDestinations } from '../result/command-words.ts'
import type { ResultDocument } from '../result/document.ts'
import { readResult } from '../result/read.ts'
import { readNoise } from '../store/noise-store.ts'
import { recoverRuns } from './recover-runs.ts'
import { freePage } from './store-result.ts'
import { storedRun } from './stored-run.ts'

/** The two result files of `lb compare`. */
interface CompareArgs {
  /** Default: the run before the last. */
  readonly base?: string | undefined
  /** Default: the last run. */
  readonly head?: string | undefined
}

/** Values of the flags of `lb compare`. */
interface CompareFlags extends GateFlags {
  readonly force: boolean
  readonly format: string
  readonly 'max-bytes'?: number | undefined
}

/**
 * Compares two stored results, applies the gate, and reports.
 *
 * @throws {UsageError} a file cannot be read, or the two are not comparable
 */
export async function compare(
  args: CompareArgs,
  flags: CompareFlags,
  invocation: Invocation,
): Promise<ResultDocument> {
  const rules = (flags['fail-on'] ?? []).map(gateRule)
  if (args.base === undefined || args.head === undefined) await recoverRuns(invocation)
  const { base = storedRun('previous'), head: headFile = storedRun('last') } = args
  const head = await readResult(headFile)
  const document = applyGates(head, {
    rules,
    strict: flags['on-inconclusive'] === 'fail',
    base: { file: base, document: await readResult(base) },
    force: flags.force,
    noise: await readNoise(head.host.fingerprint),
  })
  const maxBytes = flags['max-bytes']
  // Here --force is about the comparison.
  const shownBy = [
    ...withoutDestinations(invocation.commandLine),
    ...(flags.force ? ['--force'] : []),
  ]
  const render = {
    ...invocation.render,
    stored: { files: [], shownBy, page: freePage() },
    ...(maxBytes !== undefined && { maxBytes }),
  }
  invocation.print(await rendered(flags.format, document, render))
  invocation.endWith(resultExitCode(document, flags))
  return document
}

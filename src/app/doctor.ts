import { doctorText } from '../../reports/commands/doctor-formats.ts'
import type { Invocation } from '../cli/invocation.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import type { Diagnosis } from '../result/diagnosis.ts'
import { diagnoseHost, type HostFlags } from './doctor-host.ts'
import { diagnoseResult } from './doctor-result.ts'
import { storedRun } from './stored-run.ts'

/** Values of the flags of `lb doctor`. */
interface DoctorFlags extends HostFlags {
  readonly format: string
  readonly fail: boolean
  /** Examine the last run of the project. */
  readonly last: boolean
}

/**
 * Finds what is wrong with this host, or with a result, and prints it. Changes nothing.
 *
 * @throws {UsageError} the subject cannot be read
 */
export async function doctor(
  subject: string | undefined,
  flags: DoctorFlags,
  invocation: Invocation,
): Promise<Diagnosis> {
  const found = await diagnose(subject, flags)
  invocation.print(doctorText(flags.format, found, invocation.render))
  const { checks, symptoms } = found
  const isBad = [...checks, ...symptoms].some(({ state }) => state === 'bad')
  if (flags.fail && isBad) invocation.endWith(exitCodes.checksFailed)
  return found
}

function diagnose(subject: string | undefined, flags: DoctorFlags): Promise<Diagnosis> {
  if (!flags.last && (subject === undefined || !/\.json$/i.test(subject))) {
    return diagnoseHost(subject, flags)
  }
  if (flags.last && subject !== undefined) {
    throw new UsageError(
      `--last and ${subject} are two results to examine`,
      'leave out one of them',
    )
  }
  const ignored = (['connections', 'rate', 'backends'] as const).find(
    (name) => flags[name] !== undefined,
  )
  if (ignored !== undefined) {
    throw new UsageError(
      `--${ignored} would be ignored: it describes a run to check the host for`,
      `leave out the result, or --${ignored}`,
    )
  }
  return diagnoseResult(subject ?? storedRun('last'))
}

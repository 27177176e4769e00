import { doctorText } from '../../reports/commands/doctor-formats.ts'
import type { Invocation } from '../cli/invocation.ts'
import { UsageError } from '../kit/errors.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import type { Diagnosis } from '../result/diagnosis.ts'
import { diagnoseBalancer } from './doctor-balancer.ts'
import { diagnoseHost, type HostFlags } from './doctor-host.ts'
import { diagnoseResult } from './doctor-result.ts'
import { storedRun } from './stored-run.ts'

/** Values of the flags of `lb doctor`. */
interface DoctorFlags extends HostFlags {
  readonly format: string
  readonly fail: boolean
  /** Examine the last run of the project. */
  readonly last: boolean
  /** Address of the admin port of a running balancer. */
  readonly admin?: string | undefined
}

/**
 * Finds what is wrong with this host, a result or a running balancer, and prints it. Changes nothing.
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
  const { last, admin } = flags
  const isUrl = subject !== undefined && /^(?:https?:\/\/|(?:https?\+)?unix:)/i.test(subject)
  const isResult = last || /\.json$/i.test(subject ?? '')
  if (last && subject !== undefined) {
    throw new UsageError(`--last and ${subject} are two subjects`, 'leave out one of them')
  }
  if (admin !== undefined && !isUrl) {
    throw new UsageError(
      '--admin would be ignored: it belongs to the URL of a running balancer',
      'give that URL as well: lb doctor http://127.0.0.1:8080/ --admin http://127.0.0.1:18701',
    )
  }
  const ignored = (['connections', 'rate', 'backends'] as const).find(
    (name) => flags[name] !== undefined,
  )
  if ((isUrl || isResult) && ignored !== undefined) {
    throw new UsageError(
      `--${ignored} would be ignored: it describes a run to check this host for`,
      `leave out ${last ? '--last' : subject}, or --${ignored}`,
    )
  }
  if (isUrl) return diagnoseBalancer(subject, admin)
  if (isResult) return diagnoseResult(subject ?? storedRun('last'))
  return diagnoseHost(subject, flags)
}

import { doctorText } from '../../reports/commands/doctor-formats.ts'
import type { Invocation } from '../cli/invocation.ts'
import { exitCodes } from '../kit/exit-codes.ts'
import type { Diagnosis } from '../result/diagnosis.ts'
import { diagnoseHost, type HostFlags } from './doctor-host.ts'

/** Values of the flags of `lb doctor`. */
interface DoctorFlags extends HostFlags {
  readonly format: string
  readonly fail: boolean
}

/**
 * Finds what is wrong with this host, and prints it. Changes nothing.
 *
 * @throws {UsageError} the subject cannot be read
 */
export async function doctor(
  subject: string | undefined,
  flags: DoctorFlags,
  invocation: Invocation,
): Promise<Diagnosis> {
  const found = await diagnoseHost(subject, flags)
  invocation.print(doctorText(flags.format, found, invocation.render))
  const { checks, symptoms } = found
  const isBad = [...checks, ...symptoms].some(({ state }) => state === 'bad')
  if (flags.fail && isBad) invocation.endWith(exitCodes.checksFailed)
  return found
}

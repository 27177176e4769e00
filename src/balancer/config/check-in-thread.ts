import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { modulePath } from '../../kit/module-path.ts'
import type { CheckedSource } from './check-source.ts'
import type { BalancerSettings } from './config.ts'
import type { ConfigSource } from './config-source.ts'
import { toError } from './problem.ts'
import type { TlsFiles } from './tls-identity.ts'

/**
 * Reads and checks a configuration in a thread of its own, so that the memory of the libraries for it is freed when the
 * thread exits: docs/decisions/0007-data-path.md.
 *
 * @throws UsageError that names the invalid field, and how many more there are
 */
export async function checkInThread(
  source: ConfigSource,
): Promise<{ readonly settings: BalancerSettings; readonly tls: TlsFiles | undefined }> {
  const thread = new Worker(modulePath('./config-thread', import.meta.url), { workerData: source })
  const [checked] = (await once(thread, 'message')) as [CheckedSource]
  await thread.terminate()
  if ('problems' in checked) throw toError(checked.problems)
  return checked
}

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { UsageError } from '../../kit/errors.ts'
import { modulePath } from '../../kit/module-path.ts'
import type { BalancerSettings } from './config.ts'

/** The thread's reply: the settings, or the error. */
export type CheckReply =
  | { readonly settings: BalancerSettings }
  | { readonly invalid: { readonly message: string; readonly hint: string } }

/**
 * Checks a configuration in a thread of its own, so that the memory of the schema library is freed when the thread
 * exits: docs/decisions/0007-data-path.md.
 *
 * @throws UsageError that names the invalid field
 */
export async function checkInThread(config: unknown): Promise<BalancerSettings> {
  const thread = new Worker(modulePath('./config-thread', import.meta.url), { workerData: config })
  const [reply] = (await once(thread, 'message')) as [CheckReply]
  await thread.terminate()
  if ('invalid' in reply) throw new UsageError(reply.invalid.message, reply.invalid.hint)
  return reply.settings
}

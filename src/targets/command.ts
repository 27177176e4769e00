import { UsageError } from '../kit/errors.ts'
import type { Target, TargetOptions } from './target.ts'
import { fill } from './template.ts'

/** Any program that a shell command starts. */
export const command: Target = {
  name: 'command',
  summary: 'any program, started by the shell command of --command',
  algorithms: {},
  needs: 'command',

  unavailable: async () => undefined,
  version: async () => undefined,

  commandLine,

  prepare: async (options) => ({
    by: 'port',
    file: '/bin/sh',
    args: ['-c', commandLine(options)],
    port: options.port,
  }),
}

function commandLine({ arm, backends, port, folder, settings }: TargetOptions): string {
  const line = arm.variant?.command ?? settings?.command
  if (!line?.includes('{port}')) {
    throw new UsageError(
      line === undefined ? 'target command needs --command' : '--command has no {port}',
      'For example: --command "balance --listen {port} --to {backends}".',
    )
  }
  return fill(line, {
    port,
    backends: backends.map(({ url }) => url.origin).join(','),
    workers: arm.cores,
    scratch: folder,
  })
}

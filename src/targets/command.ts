import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../kit/errors.ts'
import type { Target, TargetOptions } from './target.ts'
import { fill } from './template.ts'

/** Any program that a shell command starts. */
export const command: Target = {
  name: 'command',
  summary: 'any program, started by the shell command of --command',
  algorithms: {},
  takesWorkers: true,
  needs: 'command',

  unavailable: async () => undefined,
  version: async () => undefined,

  commandLine,

  async prepare(options) {
    // As a script, not as an argument of sh: every user of the host can read arguments, and a command may contain a token.
    const script = join(options.folder, 'start.sh')
    // In the folder of the user, whose paths it may name; {scratch} is the one for its files.
    const lines = [`cd ${quoted(process.cwd())} || exit`, replacingShell(commandLine(options))]
    await writeFile(script, `${lines.join('\n')}\n`, { mode: 0o600 })
    return { by: 'port', file: '/bin/sh', args: [script], port: options.port }
  },
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

/**
 * One simple command replaces the shell, which would not pass SIGTERM on to it; `sh -c` does the same. Other lines stay:
 * lists, pipelines, substitutions and the words of the shell itself.
 */
function replacingShell(line: string): string {
  const [, variables = '', program = ''] = /^\s*((?:\w+=[^\s"'$`\\]*\s+)*)(.*)$/s.exec(line) ?? []
  const isSimple = /^[\w./'"][^;&|()`\n#]*(?:\s\d?>&\d\s*)?$/.test(program)
  const ofShell =
    /^(?:cd|exec|if|while|until|for|case|eval|export|set|unset|trap|ulimit|umask|wait|read|test|time|\.)\s/
  return isSimple && !ofShell.test(program) ? `${variables}exec ${program}` : line
}

/** A word of a POSIX shell with exactly this text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

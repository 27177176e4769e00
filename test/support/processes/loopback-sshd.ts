import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import os from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { which } from '../../../src/host/which.ts'
import { acceptsConnections } from '../../../src/lab/ports.ts'

/** An ssh server on a port of 127.0.0.1, with keys and a configuration of its own. Closing it ends it. */
export interface LoopbackSshd extends AsyncDisposable {
  /** Words in front of a host that connect to the server. */
  readonly command: readonly string[]
}

/** Why there can be no server here; undefined where there can. */
export function sshdLack(): string | undefined {
  const missing = ['sshd', 'ssh', 'ssh-keygen'].filter((name) => which(name) === undefined)
  return missing.length === 0 ? undefined : `${missing.join(', ')} not installed`
}

/** Where sshd confines a part of itself that runs as root. */
const confined = '/run/sshd'

/** Starts a server that lets this user in. */
export async function startSshd(): Promise<LoopbackSshd> {
  const folder = mkdtempSync(join(os.tmpdir(), 'lb-sshd-'))
  const at = (name: string) => join(folder, name)
  const keygen = which('ssh-keygen') as string
  for (const name of ['host', 'user']) {
    execFileSync(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)])
  }
  const isMissing = process.getuid?.() === 0 && !existsSync(confined)
  if (isMissing) mkdirSync(confined, { mode: 0o755 })
  const port = await freePort()
  writeFileSync(
    at('sshd_config'),
    [
      ...[`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${at('host')}`, 'PidFile none'],
      ...[`AuthorizedKeysFile ${at('user.pub')}`, 'StrictModes no', 'UsePAM no'],
      ...['PasswordAuthentication no', 'PermitRootLogin prohibit-password', ''],
    ].join('\n'),
  )
  writeFileSync(
    at('ssh_config'),
    [
      ...['Host *', 'HostName 127.0.0.1', `Port ${port}`, `IdentityFile ${at('user')}`],
      ...['IdentitiesOnly yes', 'StrictHostKeyChecking no', 'UserKnownHostsFile /dev/null'],
      ...['BatchMode yes', 'LogLevel ERROR', 'ServerAliveInterval 1', 'ServerAliveCountMax 3', ''],
    ].join('\n'),
  )
  const server = spawn(which('sshd') as string, ['-D', '-f', at('sshd_config')], {
    stdio: 'ignore',
  })
  for (let i = 0; !(await acceptsConnections(port)); i++) {
    if (i > 200) throw new Error('sshd does not accept connections')
    await wait(25)
  }
  return {
    command: ['ssh', '-T', '-F', at('ssh_config')],
    async [Symbol.asyncDispose]() {
      server.kill('SIGTERM')
      rmSync(folder, { recursive: true, force: true })
      if (isMissing) rmdirSync(confined)
    },
  }
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => resolve(port))
  })
  return promise
}

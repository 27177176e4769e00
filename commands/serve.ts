import { once } from 'node:events'
import { string } from '@oclif/core/flags'
import type { BackendConfig } from '../src/balancer/config.ts'
import { LbCommand } from '../src/cli/command.ts'
import { count, name, seconds } from '../src/cli/flags.ts'
import { UsageError } from '../src/kit/errors.ts'

/** Runs the reference balancer in the foreground. */
export default class Serve extends LbCommand {
  static override summary = 'Run the reference balancer in the foreground.'

  static override description =
    `Says when it is ready, and serves until Ctrl-C or SIGTERM: then it takes no new connections, lets
requests in flight end, and leaves.`

  static override examples = [
    '<%= config.bin %> <%= command.id %> --backend http://127.0.0.1:3001 --backend http://127.0.0.1:3002',
    {
      description: 'The first backend gets five times as much',
      command:
        '<%= config.bin %> <%= command.id %> --algo weighted --backend http://127.0.0.1:3001,5 --backend http://127.0.0.1:3002 --cores 2',
    },
  ]

  static override flags = {
    backend: string({
      char: 'b',
      summary: 'A backend, and its weight (1 unless told); repeat it for each.',
      helpValue: 'URL[,WEIGHT]',
      multiple: true,
      multipleNonGreedy: true,
      required: true,
    }),
    algo: name({
      char: 'a',
      summary: 'The algorithm.',
      helpValue: 'NAME',
      among: async () => (await import('../src/algorithms/index.ts')).algorithms,
      what: 'algorithm',
      default: 'round-robin',
    }),
    host: string({ summary: 'Address to listen on.', helpValue: 'HOST', default: '127.0.0.1' }),
    port: count({
      char: 'p',
      summary: 'Port to listen on; 0 for any that is free.',
      helpValue: 'PORT',
      least: 0,
      default: 8080,
    }),
    cores: count({ char: 'c', summary: 'Workers, a core each.', helpValue: 'N', default: 1 }),
    drain: seconds({
      summary: 'How long requests in flight may take when it is told to stop.',
      helpValue: 'TIME',
      default: 10,
    }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Serve)
    const { startBalancer } = await import('../src/balancer/balancer.ts')
    const backends = flags.backend.map(backendOf)
    const stop = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
    await using balancer = await startBalancer({
      algorithm: flags.algo,
      host: flags.host,
      port: flags.port,
      workers: flags.cores,
      backends,
      seed: 1,
      timeouts: { connect: 5, firstByte: 60, idle: 60, drain: flags.drain },
    })
    const workers = `${flags.cores} ${flags.cores === 1 ? 'worker' : 'workers'}`
    const all = `${backends.length} ${backends.length === 1 ? 'backend' : 'backends'}`
    const where = `http://${flags.host}:${balancer.port}`
    this.log(`lb is ready on ${where} (${flags.algo}, ${workers}, ${all})`)
    await stop
  }
}

/** Reads `URL[,WEIGHT]`. */
function backendOf(typed: string): BackendConfig {
  const [url = '', weight = '1', ...more] = typed.split(',')
  if (/^\d+$/.test(weight) && more.length === 0) return { url, weight: Number(weight) }
  throw new UsageError(
    `--backend "${typed}" has no whole number from 0 up as its weight`,
    'give it as --backend http://host:port,2',
  )
}

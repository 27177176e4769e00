import { effectiveWeight } from './effective-weight.ts'
import { programTarget } from './program-target.ts'
import { sameForAll } from './same-for-all.ts'
import type { AdminAccess, TargetOptions } from './target.ts'

/** `strategy` of a load balancer for each algorithm. */
const strategies: Readonly<Record<string, string>> = {
  'round-robin': 'wrr',
  weighted: 'wrr',
  'two-choices': 'p2c',
  rendezvous: 'hrw',
}

/** The dynamic configuration: routers, services and their transport. The static one is in the arguments. */
const template = `http:
  routers:
    everything:
      entryPoints: [lb]
      rule: PathPrefix(\`/\`)
      service: backends
      middlewares: [retries]
  middlewares:
    retries:
      retry:
        attempts: {tries}
  services:
    backends:
      loadBalancer:
        strategy: {algorithm}
        passHostHeader: true
        serversTransport: pool
        servers:
          {backends}
  serversTransports:
    pool:
      disableHTTP2: true
      maxIdleConnsPerHost: {pool}
      forwardingTimeouts:
        dialTimeout: {connect}s
        responseHeaderTimeout: {idle}s
        idleConnTimeout: {poolSeconds}s
`

/** Traefik 3.4 and later, which introduced `strategy`. */
export const traefik = programTarget({
  name: 'traefik',
  summary: 'Traefik, with GOMAXPROCS set to the number of cores',
  algorithms: {
    'round-robin': 'wrr',
    weighted: 'wrr, weight',
    'two-choices': 'p2c',
    rendezvous: 'hrw',
  },
  file: 'traefik',
  install: 'download it from https://github.com/traefik/traefik/releases',
  version: { args: ['version'], pattern: /Version:\s+(\S+)/ },
  config: 'traefik.yml',
  template,

  values: (options) => ({
    ...sameForAll,
    algorithm: strategies[options.arm.algorithm] ?? '',
    backends: servers(options),
    // All threads of the Go runtime share one pool.
    pool: sameForAll.poolPerBackend * options.arm.cores,
  }),

  rules: () => [
    {
      must: 'not have',
      pattern: /^\s*compress\s*:/m,
      code: 'config-compresses',
      setting: 'compress',
    },
    {
      must: 'not have',
      pattern: /maxIdleConnsPerHost\s*:\s*-/,
      code: 'config-closes-connections',
      setting: 'maxIdleConnsPerHost below 0',
    },
  ],

  run: (config, { port, admin }) => [
    `--entrypoints.lb.address=${sameForAll.address}:${port}`,
    `--entrypoints.lb.transport.respondingtimeouts.idletimeout=${sameForAll.keepAlive}s`,
    `--providers.file.filename=${config}`,
    '--providers.file.watch=false',
    '--accesslog=false',
    '--log.level=ERROR',
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    ...(admin === undefined ? [] : profilingArguments(admin)),
  ],
  env: ({ arm }) => ({ GOMAXPROCS: String(arm.cores) }),
})

/** The entry point `traefik`, which serves /debug/pprof. */
function profilingArguments({ port }: AdminAccess): string[] {
  return [
    `--entrypoints.traefik.address=${sameForAll.address}:${port}`,
    '--api.insecure=true',
    '--api.debug=true',
  ]
}

function servers({ arm, backends }: TargetOptions): string {
  return backends
    .map((backend) => {
      const weight = effectiveWeight(arm.algorithm, backend)
      return `- url: ${backend.url.origin}\n  weight: ${weight}`
    })
    .join('\n')
}

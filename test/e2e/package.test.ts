import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import pjson from '../../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '../..')
const exec = promisify(execFile)

/** An empty project with the package as npm packs it, and the packages that it names, as they are installed here. */
let project: string
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'lb-test-'))
  const modules = join(project, 'node_modules')
  const own = join(modules, pjson.name)
  await mkdir(own, { recursive: true })
  // The build is there: its scripts need not run.
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', project]
  const { stdout: name } = await exec('npm', pack, { cwd: root })
  await exec('tar', ['-xzf', join(project, name.trim()), '-C', own, '--strip-components', '1'])
  for (const dependency of Object.keys(pjson.dependencies)) {
    await mkdir(dirname(join(modules, dependency)), { recursive: true })
    await symlink(join(root, 'node_modules', dependency), join(modules, dependency))
  }
}, 120_000)
afterAll(() => rm(project, { recursive: true }))

/** Runs the binary of the package in the project. */
async function lb(args: readonly string[], node: readonly string[] = []) {
  const binary = join(project, 'node_modules', pjson.name, pjson.bin.lb)
  try {
    const argv = [...node, binary, ...args]
    const { stdout, stderr } = await exec(process.execPath, argv, { cwd: project })
    return { code: 0, stdout, stderr }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

const balancer = [
  "const http = require('node:http')",
  'const [port, backends] = process.argv.slice(2)',
  'const agent = new http.Agent({ keepAlive: true })',
  'const [{ hostname, port: to }] = backends.split(",").map((url) => new URL(url))',
  'http.createServer((request, response) => {',
  '  request.pipe(http.request({ hostname, port: to, path: request.url, method: request.method, agent,',
  '    headers: request.headers }, (got) => { response.writeHead(got.statusCode, got.headers); got.pipe(response) }))',
  "}).listen(Number(port), '127.0.0.1')",
].join('\n')

const short = [
  ...['--phase', 'capacity', '--driver', 'lean', '--connections', '4'],
  ...['--warmup', '100ms', '--duration', '300ms'],
]

test('bench, report and ci with two commands work from the package', async () => {
  const bench = await lb([
    ...['bench', ...short, '--algo', 'round-robin', '--no-control', '--trials', '1'],
  ])
  expect(bench.stdout, bench.stderr).toMatch(/req\/s/)
  expect((await lb(['report', '--format', 'csv'])).stdout).toContain('round-robin')

  await writeFile(join(project, 'balancer.cjs'), balancer)
  const command = `'${process.execPath}' balancer.cjs {port} {backends}`
  const sides = ['--base-command', command, '--head-command', command]
  const ci = await lb(['ci', ...short, ...sides, '--trials', '2', '--fail-on', 'cpu>+900%'])
  // So few trials decide nothing, and on a busy host none is valid.
  expect([0, 96, 97], ci.stderr).toContain(ci.code)
  const result = JSON.parse(await readFile(join(project, 'lb-ci/result.json'), 'utf8'))
  expect(result.trials.length).toBeGreaterThanOrEqual(4)
}, 120_000)

test('the package has what reports and lists need, and no sources, tests or runtime', async () => {
  expect((await lb(['list', 'scenarios'])).stdout).toContain('unequal-backends')
  expect((await lb(['report', '--format', 'html'])).stdout).toMatch(/^<!doctype html>/i)
  expect((await lb(['completion', 'bash'])).stdout).toContain('complete -o default -F')
  expect((await lb(['--version'])).stdout).toMatch(new RegExp(`^${pjson.name}/${pjson.version} `))
  const files = await exec('find', ['.', '-maxdepth', '1'], {
    cwd: join(project, 'node_modules', pjson.name),
  })
  expect(files.stdout.trim().split('\n').toSorted()).toEqual([
    ...['.', './LICENSE', './README.md', './bin', './dist', './oclif.manifest.json'],
    ...['./package.json', './scenarios'],
  ])
}, 120_000)

/** Makes Node claim to be an older one. */
const old = [
  '--import',
  `data:text/javascript,${encodeURIComponent("Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })")}`,
]

test('an older Node gets one line with the way to a newer one: in a project, and in a clone', async () => {
  const packaged = await lb(['bench'], old)
  expect(packaged).toMatchObject({ code: 2, stdout: '' })
  expect(packaged.stderr).toMatch(
    /^lb needs Node 26 or newer, and this is 20\.20\.2: "npm install node@26" adds it .*\n$/,
  )
  const clone = await exec(process.execPath, [...old, join(root, 'bin/run.js')]).catch((e) => e)
  expect(clone).toMatchObject({ code: 2, stderr: expect.stringContaining('run it as "npx lb"') })
})

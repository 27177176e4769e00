import { expect, test } from 'vitest'
import { reports } from '../../reports/formats/index.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { hideSecrets, hideSecretsInPlan } from '../../src/result/hide-secrets.ts'
import { exampleResult } from '../support/results/example-result.ts'

const render = { width: undefined, colour: false, unicode: true }

/** A result whose configuration, commands, template and command line declare secrets. */
function withSecrets(): ResultDocument {
  const document = exampleResult()
  const [first, second, ...others] = document.plan.arms
  const arms = [
    {
      ...(first as (typeof document.plan.arms)[0]),
      variant: { side: 'base' as const, config: { admin: { port: 1, token: 'TOKEN-OF-BASE' } } },
    },
    {
      ...(second as (typeof document.plan.arms)[0]),
      variant: { side: 'head' as const, command: './balance --password HEAD-PASSWORD {port}' },
    },
    ...others,
  ]
  const settings = {
    url: { url: 'http://user:URL-PASSWORD@127.0.0.1/' },
    nginx: { template: 'proxy_set_header Authorization "Bearer NGINX-BEARER";' },
  }
  const command = ['ci', '--base-config', '{"admin":{"port":1,"token":"TOKEN-OF-BASE"}}']
  const [trial, ...trials] = document.trials
  return {
    ...document,
    command,
    plan: { ...document.plan, arms, settings },
    trials: [
      { ...(trial as (typeof trials)[0]), errorKinds: { 'refused: URL-PASSWORD': 2 } },
      ...trials,
    ],
    warnings: [{ code: 'instructions-not-counted', values: { detail: 'ran x TOKEN-OF-BASE' } }],
  }
}

const secrets = ['TOKEN-OF-BASE', 'HEAD-PASSWORD', 'URL-PASSWORD', 'NGINX-BEARER']

test('no report of any format contains a secret, and each says what is missing', async () => {
  const hidden = hideSecrets(withSecrets(), {})
  expect(resultDocument.parse(hidden)).toEqual(hidden)
  for (const report of reports) {
    const text = await report.render(hidden, render)
    for (const secret of secrets) expect(text).not.toContain(secret)
  }
  const table = reports.find(({ format }) => format === 'table')
  expect(await table?.render(hidden, { ...render, full: true })).toMatch(
    /replace \[hidden\] in the value of --base-config, --head-command, --url and --target-config/,
  )
})

test('hiding twice is hiding once', () => {
  const once = hideSecrets(withSecrets(), {})
  expect(hideSecrets(once, {})).toEqual(once)
})

test('a document without secrets stays as it is', () => {
  expect(hideSecrets(exampleResult(), { TOKEN: 'a1b2c3d4e5' })).toEqual(exampleResult())
})

test('the secret of an environment variable that a target printed is hidden', () => {
  const document: ResultDocument = {
    ...exampleResult(),
    warnings: [{ code: 'instructions-not-counted', values: { detail: 'login s3cr3t-of-env' } }],
  }
  expect(JSON.stringify(hideSecrets(document, { API_TOKEN: 's3cr3t-of-env' }))).not.toContain(
    's3cr3t-of-env',
  )
})

test('a secret that is a word of the schema changes no other field', () => {
  const document = exampleResult()
  const command = ['bench', '--admin-token', 'capacity']
  const hidden = hideSecrets({ ...document, command }, {})
  expect(hidden.command).toEqual(['bench', '--admin-token', '[hidden]'])
  expect(hidden.plan.phases).toEqual(document.plan.phases)
  expect(resultDocument.parse(hidden)).toEqual(hidden)
})

test('the plan of a dry run has no secrets either', () => {
  const text = JSON.stringify(hideSecretsInPlan(withSecrets().plan))
  for (const secret of secrets) expect(text).not.toContain(secret)
})

test('journeys keep their templates, and lose what their fields and bodies declare as secrets', () => {
  const step = {
    ...({ kind: 'request', name: 'login', method: 'POST', url: '/login' } as const),
    headers: { authorization: 'Bearer STEP-TOKEN', 'x-token': '{{token}}', accept: 'text/html' },
    ...{ checks: [], captures: {} },
  }
  const bodies = [
    { kind: 'json', text: '{"user":"ann","password":"STEP-PASSWORD"}' },
    { kind: 'form', fields: { user: 'ann', password: 'STEP-PASSWORD' } },
    { kind: 'text', text: 'plain' },
  ] as const
  const document = exampleResult()
  const steps = bodies.map((body) => ({ ...step, body }))
  const visits = { journeys: [{ name: 'one', weight: 1, steps }], data: {} }
  const hidden = hideSecrets({ ...document, plan: { ...document.plan, visits } }, {})
  expect(resultDocument.parse(hidden)).toEqual(hidden)
  expect(JSON.stringify(hidden)).not.toMatch(/STEP-TOKEN|STEP-PASSWORD/)
  const [first, , last] = hidden.plan.visits?.journeys[0]?.steps ?? []
  expect(first).toMatchObject({
    headers: { authorization: '[hidden]', 'x-token': '{{token}}', accept: 'text/html' },
  })
  expect(last).toMatchObject({ body: { text: 'plain' } })
  expect(hidden.warnings.map(({ code }) => code)).toContain('values-hidden')
})

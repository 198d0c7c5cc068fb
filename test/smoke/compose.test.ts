import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { generate } from '../packed/generated.ts'
import { defaults } from '../packed/templates.ts'

interface Service {
  image: string
  user?: string
  command?: string[]
  ports?: string[]
  volumes?: string[]
  environment?: Record<string, string>
  env_file?: string
  read_only?: boolean
  cap_drop?: string[]
  security_opt?: string[]
  tmpfs?: string[]
  healthcheck?: { test?: string[] }
  depends_on?: Record<string, { condition: string }>
}

describe.each(defaults)('compose.yaml of $label', ({ template }) => {
  let services: Record<string, Service>
  let text: string
  let volumes: string[]

  beforeAll(async () => {
    const project = await generate(template, ['--no-install', '--no-git'])
    const file = join(project, 'compose.yaml')
    text = existsSync(file) ? readFileSync(file, 'utf8') : 'services: {}'
    const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes?: object }
    services = compose.services
    volumes = Object.keys(compose.volumes ?? {})
  })

  it('starts each service after what it needs, and names only what exists', () => {
    for (const [name, { depends_on: needs = {}, volumes: mounts = [] }] of Object.entries(services)) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const service = services[needed]
        expect([name, needed, Boolean(service)]).toEqual([name, needed, true])
        if (condition === 'service_healthy') expect(service?.healthcheck?.test).toBeTruthy()
        if (condition === 'service_completed_successfully') expect(service?.command).toBeTruthy()
      }
      for (const mount of mounts) {
        const [source = ''] = mount.split(':')
        expect(source.startsWith('./') || volumes.includes(source)).toBe(true)
      }
    }
  })

  it('holds no password, and is reachable from its own machine alone', () => {
    const passwords = text.match(/\$\{\w*PASSWORD\w*[^}]*\}/g) ?? []
    for (const password of passwords) expect(password).toMatch(/^\$\{\w+:\?.+\}$/)
    expect(text.replaceAll(/\$\{[^}]*\}/g, '')).not.toMatch(/PASSWORD: \S|:\/\/\w+:\w+@/)
    for (const { ports = [] } of Object.values(services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
  })

  it('gives what we build nothing that it does not need, and pins what we do not', () => {
    for (const [name, service] of Object.entries(services)) {
      expect([name, service.security_opt]).toEqual([name, ['no-new-privileges:true']])
      if (service.image.includes('/')) expect(service.image).toMatch(/:[\w.-]+@sha256:[0-9a-f]{64}$/)
      else expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], tmpfs: ['/tmp'] })
    }
  })
})

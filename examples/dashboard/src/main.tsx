/** Starts the dashboard: its configuration, the Supabase client, and the first view. */
import { createClient } from '@supabase/supabase-js'
import { h, render } from 'preact'
import * as v from 'valibot'
import { Api } from './api.ts'
import { App } from './app.tsx'
import { Config } from './schemas.ts'

async function start(root: HTMLElement): Promise<void> {
  const response = await fetch('config.json')
  const { edge, supabaseUrl, supabaseAnonKey } = v.parse(Config, await response.json())
  const supabase = createClient(supabaseUrl, supabaseAnonKey)
  render(<App auth={supabase.auth} api={new Api(edge, supabase)} />, root)
}

const root = document.getElementById('app')
if (root) {
  start(root).catch(() => {
    root.textContent = 'config.json could not be read: it names edge, supabaseUrl and supabaseAnonKey.'
  })
}

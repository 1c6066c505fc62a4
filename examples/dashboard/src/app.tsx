/** The frame around the views: the signed-in user, the current view and the navigation. */
import type { Session, SupabaseClient } from '@supabase/supabase-js'
import { type FunctionComponent, h, type JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { AnalyticsView } from './analytics.tsx'
import type { Api } from './api.ts'
import { ConversationsView } from './conversations.tsx'
import { KnowledgeView } from './knowledge.tsx'
import { LeadsView } from './leads.tsx'
import { NotificationsView } from './notifications.tsx'
import { SignIn } from './sign-in.tsx'

export type Auth = SupabaseClient['auth']
export type ViewProps = { api: Api }

const VIEWS: readonly { path: string; title: string; view: FunctionComponent<ViewProps> }[] = [
  { path: '#/leads', title: 'Leads', view: LeadsView },
  { path: '#/conversations', title: 'Conversations', view: ConversationsView },
  { path: '#/knowledge', title: 'Knowledge', view: KnowledgeView },
  { path: '#/analytics', title: 'Analytics', view: AnalyticsView },
  { path: '#/notifications', title: 'Notifications', view: NotificationsView },
]

export function App({ auth, api }: { auth: Auth; api: Api }): JSX.Element {
  const session = useSession(auth)
  if (session === undefined) return <p class="quiet">Loading …</p>
  if (session === null) return <SignIn auth={auth} expired={wasSignedIn()} />
  return <SignedIn auth={auth} api={api} session={session} />
}

/**
 * Remembers that a user signed in. It stays when a session expires, even while the page is closed, and is removed
 * when the user signs out in any tab.
 */
const SIGNED_IN = 'dashboard-signed-in'
const wasSignedIn = (): boolean => localStorage.getItem(SIGNED_IN) !== null

function signOut(auth: Auth): void {
  localStorage.removeItem(SIGNED_IN)
  void auth.signOut()
}

/** `undefined` until it is known. supabase-js renews the session and reports it here. */
function useSession(auth: Auth): Session | null | undefined {
  const [session, setSession] = useState<Session | null>()
  useEffect(() => {
    const { data } = auth.onAuthStateChange((_event, changed) => {
      if (changed) localStorage.setItem(SIGNED_IN, 'yes')
      setSession(changed)
    })
    return () => data.subscription.unsubscribe()
  }, [auth])
  return session
}

function SignedIn({ auth, api, session }: { auth: Auth; api: Api; session: Session }): JSX.Element {
  const [path, setPath] = useState(location.hash)
  const main = useRef<HTMLElement>(null)
  const arrived = useRef(false)
  const shown = VIEWS.find((view) => view.path === path) ?? VIEWS[0]

  useEffect(() => {
    const moved = () => setPath(location.hash)
    addEventListener('hashchange', moved)
    return () => removeEventListener('hashchange', moved)
  }, [])
  useEffect(() => {
    document.title = `${shown?.title ?? ''} · Dashboard`
    // Not for the first view, where a reader begins at the top of the page.
    if (arrived.current) main.current?.querySelector<HTMLElement>('h1')?.focus()
    arrived.current = true
  }, [shown])

  const View = shown?.view ?? LeadsView
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <p class="brand">Dashboard</p>
        <nav aria-label="Views">
          <ul>
            {VIEWS.map((view) => (
              <li key={view.path}>
                <a href={view.path} aria-current={view === shown ? 'page' : undefined}>
                  {view.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <p class="who">
          <span>{session.user.email}</span>{' '}
          <button type="button" onClick={() => signOut(auth)}>
            Sign out
          </button>
        </p>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <View api={api} />
      </main>
    </div>
  )
}

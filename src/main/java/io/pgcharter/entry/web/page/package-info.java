/// What the dashboard's pages say, and how they are drawn: values in, HTML out.
///
/// Every page is one record below [Page] and one template of the same name in `src/main/jte`. A page works without
/// JavaScript: what changes by itself is refreshed by reloading, and where there is JavaScript, in place.
///
/// **Start at** [Pages#render]. **In**: [Frame] and a [Page]: plain values, collected by whoever serves the request.
/// **Out**: HTML as text, and the files it refers to ([Assets]). **Touches**: nothing.
///
/// The addresses that pages link to, and the forms they send, each with the field `csrf`:
///
/// | address | page, or what a form asks for |
/// |---|---|
/// | `/` | [Overview] |
/// | `/databases/NAME` | [DatabasePage] |
/// | `/databases/NAME/backup` (POST `confirm`) | a backup into every place of its plan |
/// | `/databases/NAME/verify` (POST `backup`, `repository`, `confirm`) | the proof of a backup |
/// | `/databases/NAME/maintain` (POST `task`, `confirm`) | maintenance; `task` is a name of `Operation.Maintain.Task` |
/// | `/runs`, `/runs?database=NAME`, `/runs?before=RUN` | [RunList] |
/// | `/runs/ID` | [RunPage] |
/// | `/runs/ID/events` | server-sent events: `live` with the HTML of [Pages#live], `ended` at the end |
/// | `/runs/ID/cancel` (POST) | cancellation |
/// | `/approvals` | [ApprovalsPage] |
/// | `/approvals/ID/approve` (POST) | agreement |
/// | `/schedule` | [SchedulePage] |
/// | `/journal`, `/journal?before=NUMBER` | [JournalPage] |
/// | `/journal/verify` (POST) | verification of the journal |
/// | `/alerts` | [AlertsPage] |
/// | `/alerts/ID/acknowledge` (POST `because`) | acknowledgement |
/// | `/alerts/silence` (POST `subject`, `hours`, `because`) | a silence |
/// | `/alerts/silences/ID/end` (POST) | the end of a silence |
/// | `/login` (POST `user`, `password`, `next`), `/login/oidc` | [LoginPage] |
/// | `/welcome` (POST `token`, `password`, `again`) | [WelcomePage] |
/// | `/logout` (POST) | the end of the session |
/// | `/account` | [AccountPage] |
/// | `/account/password` (POST `password`, `new`, `again`) | a new password |
/// | `/account/environment` (POST `environment`) | which environment the login acts from |
/// | `/databases/NAME/charts/CHART` | JSON of a chart, see [DatabasePage.Chart] |
/// | `/account/tokens` (POST `name`, `scope`, `days`) | a token |
/// | `/account/tokens/ID/revoke`, `/account/sessions/ID/end` (POST) | the end of a token or of another session |
/// | `/users` | [UsersPage], for an admin |
/// | `/users` (POST `user`, `role`), `/users/NAME/remove` (POST) | admission, removal |
/// | `/assets/…` | [Assets#find] |
///
/// What a POST comes to is answered with a redirect to the run, or with [DecisionPage] or [ErrorPage].
package io.pgcharter.entry.web.page;

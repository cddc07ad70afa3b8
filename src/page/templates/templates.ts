/** The templates of Eta, as strings: they are where the program is, in one file or in many. `<%=` escapes, and `<%~` is for what we made. */
export const CARD = `<article class="card <%= it.card.grade %>" data-group="<%= it.groupsOf([it.card.group]) %>" data-grade="<%= it.card.grade %>" data-filtered="cause">
<p class="meta"><span class="badge"><%= it.card.label %></span> <span class="where"><%= it.card.where %></span>
<% if (it.card.link === undefined) { %><span class="code"><%= it.card.code %></span><% } else { %><a class="code" href="<%= it.card.link %>" rel="noreferrer"><%= it.card.code %></a><% } %></p>
<h3><%= it.card.problem %></h3>
<% if (it.card.workloads !== '') { %><p class="workloads"><%= it.card.workloads %></p>
<% } if (it.card.advice !== '') { %><p class="advice"><%= it.card.advice %></p>
<% } if (it.card.command !== '') { %><div class="command"><pre><code><%= it.card.command %></code></pre><button type="button" class="copy" hidden>Copy</button></div>
<% } %></article>
`

export const TABLE = `<section aria-labelledby="<%= it.table.id %>">
<h2 id="<%= it.table.id %>"><%= it.table.title %></h2>
<% if (it.table.rows.length > 0) { %><table>
<thead><tr><% for (const cell of it.table.head) { %><th scope="col"><%= cell %></th><% } %></tr></thead>
<tbody>
<% for (const row of it.table.rows) { %><tr class="<%= row.grade %>" data-group="<%~ it.groupsOf(row.groups) %>" data-filtered="row">
<% for (const [i, cell] of row.cells.entries()) { %><td data-label="<%= it.table.head[i] %>"><%= cell %></td><% } %></tr>
<% } %></tbody>
</table>
<% } if (it.table.after !== '') { %><p class="after"><%= it.table.after %></p>
<% } %></section>
`

export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="<%= it.policy %>">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title><%= it.verdict %> - regcred</title>
<meta property="og:title" content="<%= it.verdict %>">
<meta property="og:description" content="<%= it.subject %>">
<link rel="icon" href="<%= it.icon %>">
<style><%~ it.style %></style>
</head>
<body>
<header class="<%= it.grade %>">
<p class="brand">regcred <span><%= it.subject %></span></p>
<h1><%= it.verdict %></h1>
</header>
<main>
<section aria-label="In numbers">
<ul class="tiles">
<% for (const tile of it.tiles) { %><li class="<%= tile.number === 0 ? 'none' : tile.grade %>"><strong><%= tile.number.toLocaleString('en') %></strong> <%= tile.words %></li>
<% } %></ul>
</section>
<% if (it.first.length > 0) { %><section id="urgent" aria-labelledby="first">
<h2 id="first">What to do first</h2>
<% for (const card of it.first) { %><%~ include('@card', { card, groupsOf: it.groupsOf }) %><% } %>
</section>
<% } if (it.hasFilters) { %><form id="filters" role="search" aria-label="Filter" hidden>
<label><%= it.groups.label %> <select id="group"><option value="">all</option>
<% for (const [i, name] of it.groups.names.entries()) { %><option value="<%= i %>"><%= name %></option>
<% } %></select></label>
<% if (it.cards.length > 0) { %><label>Level <select id="grade"><option value="">all</option><option value="error">will not pull</option><option value="warning">may not pull</option><option value="expiring">expires</option><option value="note">note</option></select></label>
<% } %><label>Text <input id="text" type="search" autocomplete="off" spellcheck="false"></label>
<p id="shown" role="status"></p>
</form>
<% } if (it.others.length > 0) { %><section id="others" aria-labelledby="more">
<h2 id="more">What else there is to do</h2>
<div><% for (const card of it.others) { %><%~ include('@card', { card, groupsOf: it.groupsOf }) %><% } %></div>
<% if (it.moreCards !== '') { %><p class="after"><%= it.moreCards %></p>
<% } %></section>
<% } for (const table of it.tables) { %><%~ include('@table', { table, groupsOf: it.groupsOf }) %><% } %>
<% if (it.downloads.length > 0) { %><p id="downloads" hidden><% for (const { file, label } of it.downloads) { %><button type="button" data-file="<%= file %>"><%= label %></button> <% } %></p>
<% } %><section aria-labelledby="unknown" class="prose">
<h2 id="unknown">What this page does not know</h2>
<ul>
<% for (const sentence of it.unknown) { %><li><%= sentence %></li>
<% } %></ul>
</section>
</main>
<footer class="prose">
<h2>How it was made</h2>
<% for (const sentence of it.made) { %><p><%= sentence %></p>
<% } %></footer>
<script type="application/json" id="data"><%~ it.data %></script>
<script><%~ it.script %></script>
</body>
</html>
`

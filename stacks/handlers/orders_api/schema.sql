-- Tables of the orders API. Applied by {"action": "migrate"}; every statement may run again without effect.

create table if not exists orders (
    id uuid primary key,  -- made by the function: a sequence would pin the proxy's session
    customer text not null check (customer <> ''),
    created_at timestamptz not null default now()
);

create table if not exists order_items (
    order_id uuid not null references orders (id) on delete cascade,
    position integer not null check (position > 0),
    sku text not null check (sku <> ''),
    quantity integer not null check (quantity > 0),
    primary key (order_id, position)
);

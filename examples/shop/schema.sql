create table product (
	id          integer primary key,
	name        text    not null,
	tagline     text    not null,
	description text    not null,
	cents       integer not null,
	shape       text    not null, -- what picture.go draws
	color       text    not null,
	shade       text    not null
);

create table review (
	id      integer primary key,
	product integer not null references product,
	author  text    not null,
	stars   integer not null check (stars between 1 and 5),
	words   text    not null,
	written date    not null
);
create index review_product on review (product);

create table user (
	id    integer primary key,
	name  text not null,
	email text not null unique collate nocase,
	salt  blob not null,
	hash  blob not null
);

-- Who is signed in. A cookie names a row, and counts while the row is there.
create table session (
	id    integer primary key autoincrement, -- never used again
	user  integer not null references user,
	began datetime not null default current_timestamp
);

-- A seeded order has no user: it only feeds "often bought together".
create table purchase (
	id     integer primary key,
	user   integer references user,
	placed datetime not null default current_timestamp
);
create index purchase_user on purchase (user);

create table purchase_line (
	purchase integer not null references purchase,
	product  integer not null references product,
	quantity integer not null check (quantity > 0),
	cents    integer not null, -- the price on the day
	primary key (purchase, product)
) without rowid;
create index purchase_line_product on purchase_line (product);

-- One row: the secret that signs the cookies of this shop.
create table secret (
	value blob not null
);

-- Who asks for rare amounts alone would read every row of the search: 900 ms of 200,000 movements.
CREATE INDEX searched_by_amount ON searched (ledger, amount, number);

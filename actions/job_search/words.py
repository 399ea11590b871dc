"""The words by which people tell of a job search: what they call employers, places, posts and ways to apply.

Patterns are for texts as `base.plain` makes them: without accents and capitals.
"""

from __future__ import annotations

import re

from eservices.models import ApplyChannel, Result, Workload

OF_A_PLACE = (
    r"(?:ville|commune|canton|etat|universite|mairie|aeroport|bibliotheque|(?:ems )?(?:maison(?! de (?:retraite|repos|sante|couture|mode|vacances|quartier))|residence)|(?:eglise|ecole|conservatoire|chambre)(?: [a-z]+)?|gare|"
    r"gendarmerie|hopital|musee|paroisse|piscine|police|theatre) d(?:e |u |')(?!la |l'|langue|musique|danse|conduite|commerce|sport|ski|cuisine|coiffure|soin|beaute|cirque|voile)(?=[a-z])"
)
"""Begins names that a place belongs to."""

NO_POSTS = r"(?:(?!apprentie)[a-z]+(?:[rgptd]ie|phie|ite|ique|ture|tion)s?|aide pour|[a-z]+eries?|(?:immobil|janv|fevr|dern|prem|atel|quart|pap|courr|ent|met|chant|dern|carr|man|mat)iere?|heure|ailleurs|plusieurs|meilleure?|(?:in|ex)terieur|valeur|employeur|leur)(?![a-z])"
"""Ends like the name of a post, and is none."""
POST_ENDINGS = r"[a-z-]{3,}(?:euse|eur|rice|iere?|iste|ienne|logue)s?"
"""How the names of most other posts end."""

_DOSSIER = r"(?:cv(?: papier)?|mon nom|mes coordonnees|curriculum|dossier|candidature|postulation|lettre|papiers?(?: cv)?|documents?|numero|carte)"
_THEIR = r"(?:mon|ma|mes|un|une|le|la|les)"
_GIVEN = (
    r"(?:(?:en )?(?:depos|laiss|donn|apport|port|amen|ramen)(?:ee?s?|er|ez|ant|ais)|remis(?:e|es)?|remet(?:tre|tant|s))"
)

CHANNELS: tuple[tuple[ApplyChannel, str], ...] = (
    (
        ApplyChannel.ELECTRONIC,
        r"(?:par |en |sur |via |avec |un |d'un )?(?:l'|le |la |leur |leurs |une |un |son )?"
        r"(?:(?:courriers?|voie|messages?|formulaire) electroniques?|en[ -]ligne|online|on line|int(?:er|re|r)n+et|e[- ]?mails?|mail(?:s|er|ee?s?)?|mel|meil|sms|texto|qr ?code|courriels?|gmail|(?:page|site)s? (?:carrieres?|emplois?|web|internet)|"
        r"(?:page|espace|portail) (?:de )?(?:carrieres?|recrutement|emplois?)|electronique(?:ment)?|e-?recrutement|careers? (?:site|page)|web ?site|internet|"
        r"formulaire(?: (?:en ligne|internet|web))?|plate-?forme(?: en ligne)?|portail|sites?|appli(?:cation)?|app|web|"
        r"job-?up|job ?scout(?:24)?|job-?room|job ?cloud|jobs\.ch|indeed|linked ?in(?: easy apply)?|workday|monster|glassdoor|success ?factors|taleo|talentsoft|smart ?recruiters|umantis|refline|personio|inspira|xing|"
        r"job ?agent|job ?winner|option ?carriere|jooble|careerjet|stepstone|hello ?work|adzuna|jobtome|job ?chmap|jobs? ?geneve|jobup24|top ?jobs|ict ?jobs|hosco|hotel ?careers?|emploi[- ]?social|public ?jobs|med ?jobs|telegram|tiktok|france travail|pole emploi|anibis|facebook|insta(?:gram)?|whats ?app|messenger)"
        r"(?: (?:de l'entreprise|de l'etat|du canton|de la (?:ville|commune|societe|boite)|carrieres?|officiel|internet|web|en ligne))?(?= |$|[^a-z0-9-])|(?:par|via|sur) (?:le )?(?:net|web)\b",
    ),
    (
        ApplyChannel.MAIL,
        r"(?:(?:par |en |un |par un |une |par une )?(?:cour+ie+r(?: postal)?(?: (?:[ab]|recommande))?|(?:lettre )?recommandee?|(?<!donne ma )(?<!depose ma )(?<!laisse ma )(?<!remis ma )(?<!prend ma )(?<!pris ma )(?:lett?re|laitre|letre)(?: (?:manuscrite|de motivation|de candidature))?(?: (?:postee|envoyee))?|enveloppe|pli|(?:voie|dossier|envoi) postale?)|(?:par|dossier) (?:la )?poste|(?:cv|dossier|candidature) postee?|postee? (?:mon|le|un) (?:cv|dossier))\b",
    ),
    (
        ApplyChannel.PHONE,
        r"(?:par |au |un coup de )?(?:le )?(?:t[ei]l[ae]?(?:ph|f)o+n+e?s?|tel|(?<!mon )natel|tph|(?<=au )fil|coup de (?:fil|tel))\b\.?(?! (?:portable|mobile))|"
        r"(?:j'ai |jai |ai |g |j'|avoir )?(?:re)?(?:(?:tele(?:ph|f)one|(?<!m'a )(?<!m'ont )ap+el+)(?:ee?s?|er|ez)|(?:pass|donn)(?:e|er) (?:un|1) (?:petit )?coup de (?:fil|tel\w*)|(?:pass|donn)(?:e|er) (?:un|1) (?:appel|telephone)|(?:eu|joint|contactee?) (?:au|par) (?:bout du fil|tel\w*)|un appel)\b|"
        r"(?:contact|echange) tele(?:ph|f)oniques?\b|(?:par )?(?<!sur )(?<!suite a l')appel(?:s|(?: tele(?:ph|f)oni(?:que|c)))?\b|repondeur\b|messages? (?:vocal|sur (?:le |son |leur )?repondeur)\b",
    ),
    (
        ApplyChannel.PERSONAL,
        r"sur plas*(?:c|s)e|en personne|en presentiel|de visu|physiquement|(?:au|a un|au stand du|lors du) (?:salon|forum) de l'emploi|job ?day|pointee?\b(?= (?:chez|au|a l|sur|dans))|(?:depot|remise) (?:de |du |d'un |de mon )?(?:cv|dossier)\b|(?<=[,;] )depot(?=\s*(?:$|[,;.]))|(?<!du )(?<!de )personnel(?:lement)?\b(?! (?:complet|de |d'|qualifie|soignant|suffisant|navigant|au sol))|(?:j'ai |jai )vu (?=m\. |mr |mme |monsieur |madame )|(?:le |un )?tour (?=(?:de|des|du) (?:restos?|restaurants?|magasins?|boutiques?|agences?|commerces?|entreprises?|chantiers?|garages?|hotels?|bars?|cafes?)\b)|contact personnel|(?:en|au|dans le|dans la|ds le|a la|a l'|dans l'|ds l'|a leur) ?"
        r"(?:magasin|boutique|resto|agence|guichet|comptoir|bar|secretariat|reception|accueil|caisse|atelier|(?:depot|bureau|usine|chantier)(?=\s*(?:$|[,;.)(]|le \d|hier|ce matin|lundi|mardi|mercredi|jeudi|vendredi|rue|avenue)))\b|"
        r"(?:cv |donne(?:r)? (?:le |mon )?cv |dossier )?(?:remise? )?(?:en )?mains? propres?|(?:donne[rz]? |remis |cv )(?:(?:mon |le )?cv )?(?:en )?mains?\b|"
        rf"(?:j'ai |jai |j'avais |ai )?(?:{_GIVEN}) (?:{_THEIR} )?{_DOSSIER}\b|(?:{_THEIR} )?{_DOSSIER} (?:ete )?(?:{_GIVEN})(?![a-z])|"
        r"(?:je (?:me )?suis|j'suis|jsuis|chuis|j'etais|j'y etais|j'y suis|suis) (?:y )?(?:passee?|allee?|presentee?|rendue?)(?: (?:me|m'y) presenter)?(?: (?:sur place|directement))?|"
        r"j'?ai ete (?=chez|au |a l|dans|sur|voir)|je (?:vais|va) (?=chez|au |a l)|allee? (?:sur place|chez|demander|voir|deposer|donner|porter|me presenter|directement|en personne)|(?:parti|monte|descendu|retourne)e? (?:sur place|chez|demander|voir)|presentee? (?=le|au|a l|chez)|"
        r"(?<!lundi )(?<!mardi )(?<!credi )(?<!jeudi )(?<!dredi )(?<!amedi )(?<!anche )(?<!tretien )(?<!mois )(?<!semaine )(?<!rdv )passee?s?(?: (?:sur place|en magasin|au magasin|en boutique|directement|voir))?"
        r"(?= ?(?:$|[,;.)\n/]|- |(?:le )?\d|les |hier|ce matin|a l|au |chez|lundi|mardi|mercredi|jeudi|vendredi|samedi|sur|en |directement|voir|deposer|demander))|"
        r"visite\b|de vive voix\b|oralement\b|(?:toque|sonne|frappe)e?(?: (?:a la porte|chez eux))?\b|face a face\b|(?:fait|faire|fai|fe) (?:le |un )tour (?=de|des|du|dans)|porte[- ]a[- ]porte\b|(?:je |j\')?(?:reviens|ressors|sors|rentre|viens) (?=de chez|de l|du |d\'un)|(?:y |j\'y )(?:suis|etais|ai ete|vais|va)\b|"
        r"(?:le |(?:j'ai |jai )?) ?(?:ete )?deposee?r?\b(?: (?:en|au) magasin)?|me presenter|pre?sentee? (?:directement|sur place|spontanement)|rencontree?\b(?= (?:le|la|m|mme|chez))|(?:vu|parle) (?:avec )?(?:le patron|la patronne|le chef|le gerant|la gerante)\b",
    ),
)
"""Ways to apply, each with what says it."""

WORKLOADS: tuple[tuple[Workload, str], ...] = (
    (
        Workload.FULLTIME,
        r"(?:a |en )?(?:100 ?(?:%|p(?:ou)?r ?cents?)|cent pour ?cent|plein[- ]?te?m?ps?|te?m?ps? (?:plein|complet)|full[- ]?time)",
    ),
    (
        Workload.PARTTIME,
        r"(?:a |en )?(?:(?:\d\d ?(?:-|a|et|/) ?)?(?:[1-9]\d?) ?%(?! ?(?:-|a|et|/) ?100)|"
        r"(?:dix|vingt|trente|quarante|cinquante|soixante|soixante-dix|septante|\d\d|quatre[- ]vingts?|huitante|nonante) p(?:ou)?r ?cents?|"
        r"te?m?ps? partiels?|mi[- ]?te?m?ps?|part[- ]?time|demi[- ]poste)",
    ),
)

ASSIGNED: tuple[tuple[bool, str], ...] = (
    (
        False,
        r"(?:ce (?:n'est|n'etait|nest) pas (?:une |du a une )?|c'(?:est|etait) pas (?:une )?|pas (?:d'|une |de |du a une )?|sans |non |aucune? |hors |0 )"
        r"(?:ete )?assign(?:ation|ee?s?)(?: (?:de |par )?(?:l')?orp)?|(?:offres?|candidatures?|postulations?)? ?spontanee?s?(?:ment)?\b|"
        r"de (?:ma propre|mon) initiative|de moi-meme",
    ),
    (
        True,
        r"(?:sur |suite a |par |une |deux |trois |\d )?(?:une |l')?assignations?(?: (?:de |par )?(?:l')?(?:orp|oce))?|"
        r"(?:l'orp m'a |on m'a |m'a ete |(?:m'a|ma) )?assignee?s?(?: (?:par|de) l'(?:orp|oce))?(?: (?:a |chez )?(?=un))?|"
        r"(?:propose|envoye|assigne|transmis|donne)e?s? par (?:l'|mon |ma )?(?:orp|oce|conseill\w+)(?: (?:de l')?orp)?|(?:offre|proposition|demande) (?:de |d')?(?:l'|mon |ma )?(?:orp|conseill\w+)(?: (?:de l')?orp)?|offre (?:donnee?|recue|transmise) par (?:l'orp|(?:mon|ma) conseill\w+)(?: orp)?|via (?:l'|mon )?orp|(?:l'orp|(?:mon|ma) conseill\w+(?: orp)?) (?:m'a |ma )?(?:assignee?|propose|donne|envoye|transmis)(?: (?:un|cette|l'|une) ?(?:poste|offre|adresse|place))?",
    ),
)

_THEY = r"(?:ils?|elles?|on)"
_TOLD = r"(?:ils? |elles? |on |il on |m'ont |m'a |mont |ma |mon |ont |a )*(?:dit|repondu|di|dire) (?:que )?"

RESULTS: tuple[tuple[Result, str], ...] = (
    (
        Result.REJECTED,
        r"(?:ma )?(?:candidature |reponse |rep |retour )?(?:refus(?:e|ee|er|es|ees|ait)?|refu|negati(?:fs?|ves?|vement)|neg|decline[er]?|rejected|defavorable|unsuccessful|elimine\w*|rejetee?|ecartee?|recalee?|refoule[er]?)\b(?: (?:recue?|de leur part|par mail|automatique))?|"
        rf"{_TOLD}non\b|(?:non|pas|jamais) (?:ete )?(?:retenue?s?|prise?|selectionnee?|gardee?|convaincus?|choisie?)\b|(?:candidature |dossier )?(?:classee? |reste )?sans suite\b|c'est mort\b|mort\b(?= pour)|tant pis\b|recale\w*\b|"
        r"rien (?:de (?:libre|disponible|vacant|prevu)|pour moi)\b|(?:recu|eu|donne|c'est|c'etait) un (?:petit )?non\b|un non (?=de|par)|(?:il )?y (?:a|avait) (?:rien|pas de (?:place|travail|poste))\b|(?:ve(?:ut|ulent)|voul\w+|veu) (?:pas|pa)(?: de moi)?\b(?! (?:dire|me dire|repondre|parler))|(?:m'|me )?(?:ont|a) (?:pas|pa) (?:voulu|retenue?|prise?|gardee?)\b|"
        r"(?:choisi|pris|engage|trouve) (?:quelqu'un d'autre|un autre|une autre|l'autre|un interne|en interne)\b|autre candidat\w*\b|(?:a |sa |c'est )?(?:pas|pa) (?:marche|abouti|joue|donne)\b|(?:n'?est |etait |est )?(?:plus|pas) (?:disponible|vacante?|a pourvoir|libre)\b|"
        r"(?:di(?:t|sent)|repond\w*) (?:que )?non\b|non merci\b|(?:me |m'|ne |m'a |m'ont |n'ont )*(?:prend|prennent|prise?|engagent?) pas\b(?! (?:de|d'))|(?:peu(?:x|t|vent)|ve(?:ut|ulent)|va|vont) pas (?:me |m')?(?:prendre|engager|embaucher|garder)\b|"
        r"prise? par (?:un|une|quelqu'un)\b|(?:c'est |cest |sest |c |donc |c'etait |cetait )non\b|(?:pas |pa )interes+e+s?\b|(?:pas |pa )(?:eu|obtenu) (?:la place|le poste|le job)|(?<=[ ,/])non(?=\s*(?:$|[.,;!)/]))|\bno(?:pe|n)\b(?=\s*(?:$|[.,;!)/]))",
    ),
    (
        Result.EMPLOYED,
        r"(?:je suis |j'ai ete |ete |ils m'ont |on m'a |m'ont )?(?:engagee?|embauchee?|embouchee)\b|"
        r"(?:(?:ils |elle |il |on )?(?:m'ont|m'a)|j'ai ete|je suis) prise?\b(?! (?:a l'essai|le|la|les|mon|ma|mes|un|une)\b)|j'ai (?:eu|recu|obtenu|decroche) (?:le|la|un) (?:poste|place|contrat|job)|(?:poste|place|contrat) (?:obtenue?|signe)|(?:j'ai |ai )?signe\b(?: (?:le|un|mon) contrat)?(?= (?:chez|a |au |avec|le|un|mon|hier|ce|lundi|mardi|mercredi|jeudi|vendredi)|\s*(?:$|[.,;!)]))|(?:j'ai|jai|g) (?:la place|le poste|le job|le travail)\b|m'(?:ont|a) acceptee?\b|mon engagement\b|m'(?:engage|embauche)(?:nt)?\b(?! pas)|me prennent\b(?! pas)|me prend\b(?! pas)|(?:je |j')(?:commence|debute|demarre)\b|contrat (?:en poche|signe)|(?:ils |elle |il )?(?:me |m'ont |m'a )?(?:donne|confirme|propose) (?:le |un )(?:poste|contrat|job)\b|(?<=: )prise?\b(?=\s*(?:$|[.,;!]))",
    ),
    (
        Result.INTERVIEW,
        r"(?:un |1 |ok pour un |invitee? a un |convoquee? (?:pour|a) un )?(?:(?<!les )(?<!l')(?<!des )(?<!sur )entretien|entretient|(?<!sur )rendez-vous|(?<!sur )rdv|interview|convocation|entrevue|visio(?:conference)?|rende?z?[- ]?vous|randevou|antretien)s?(?: (?:d'embauche|telephonique|tel\.?|d'essai|en visio))?\b(?: (?:passe|fixe|prevu|eu|obtenu|fait))?|"
        r"(?:m'a |m'ont |suis |ete )?convoquee?s?\b|m'(?:a|ont) recue?s?\b|(?:me |m')(?:recoi(?:t|vent)|invite(?:nt)?|convoque(?:nt)?|rencontre(?:nt)?)\b|(?:veu(?:t|lent)|va|vont|voudrai(?:t|ent)|aimerai(?:t|ent)) me (?:re)?(?:voir|rencontrer|recevoir|parler)\b|(?:journee|demi-journee|jour|jours|matinee|soiree) d'essai\b|(?:(?:pour un |faire un |un |en )?essai|stage d'essai)\b(?! de)(?: (?:fixe|prevu|passe|fait|eu))?",
    ),
    (
        Result.PENDING,
        r"(?:toujours |tjrs |tjs |encore )?(?:pas|pa|ps|aucune?|sans|0)(?: (?:encore|eu|recu))*(?: (?:de|d'|la))? ?(?:reponses?|rep|nouvel+es?|news|retours?|signe|feed ?back|echo|suite)\b|(?:no|without) (?:answer|reply|news|response|feedback)(?: yet)?\b|(?:still )?waiting\b|rien de (?:neuf|nouveau)\b|"
        r"(?:toujours |tjrs |tjs )?(?:en (?:attente|cours|suspens|traitement)|pdr|ras|a suivre)\b(?: (?:de (?:reponse|decision|retour|traitement)|d'examen))?|"
        r"(?:j'|j' |moi |je |j)?(?:at+en[dt]?s?|att?\b(?=\s*(?:$|[.,;!]|(?:la |une )?(?:rep|rap)))|attendre|attendons|d'attendre|attente)\b(?: touj(?:ours?|our))?(?: (?:la |une |leur )?reponse)?|"
        r"(?:(?:j'ai |toujours |tjrs |encore )+rien(?! (?:fait|envoye|postule|trouve|pu|d'autre))|rien(?= (?:recu|eu|encore|pour)\b)) ?(?:recu|eu|encore|pour (?:le moment|l'instant))?(?: (?:pour|encore).{0,12}| comme reponse\b)?|(?:toujours|tjrs|encore) rien\b|(?<!ont )(?<!a )rien(?=\s*(?:$|[/,;.)]))|"
        rf"(?:{_THEY} )?(?:m'(?:ont|a) |ont |a |mon )?dit (?:de |d'|que? ?'?)?(?:attendre|(?:{_THEY} (?:va |vont )?)?(?:me )?r[ae]pp?ell?(?:er?|ent|era|eront)\b)|"
        rf"(?:qu')?{_THEY} (?:va |vont |doi(?:t|vent) )?(?:me |m')?(?:r[ae]pp?ell?(?:er?|ent|era|eront)?|(?:recontacte|redi|repon)\w*|dira|diront|(?:disent|dit)(?= (?:quoi|plus tard|bientot|rapidement|la semaine|lundi|mardi|mercredi|jeudi|vendredi|d'ici|en |dans|fin|debut|demain))|(?<=me )(?:re)?tel(?:eph\w*)?|donnent? (?:une )?reponse|appellent|tien\w* au courant)\b|"
        rf"{_THEY} repren\w* contact|pas encore (?:de|d') (?:reponse|retour)|rappeller(?:a|ont)\b|non[ -]reponse\b|accuse de reception|on (?:vous|te) (?:r[ae]p+el+|recontact)\w*|(?:rien |pas )encore(?=\s*(?:$|[.,;!)/]))|silence(?: radio| total)?\b|(?:reponses? |decision )?(?:attendue|prevue|promise)s?\b(?: (?:pour|en|d'ici|la|lundi|mardi|mercredi|jeudi|vendredi|fin|debut)\b)?|"
        rf"{_THEY} (?:re)?(?:hesit\w*|refle?ch\w*|verra|verront|etudie\w*|examine\w*|reviendr\w*|revien\w* vers moi|decide\w*|fait signe|font signe|me fera signe|feront signe|regarde(?:nt)?)\b|{_THEY} (?:doi(?:t|vent)|va|vont) (?:(?:encore|me|m\'|en|y|lui) ?)*(?:voir|regarder|decider|reflechir|demander|etudier|discuter|en parler|parler (?:au|a|avec)|transmettre|examiner|revenir|faire signe|ecrire)\b|"
        r"(?:personne|pers) (?:ne |n'|m'a |ma )?(?:m'a |m'|ma )?(?:encore )?(?:re)?(?:pp?el+e|repond\w*|contacte|donne de nouvelles|dire rien)\b(?: encore)?|personne (?:ne )?m'a (?:encore )?rap+ele\b|(?:(?:m'a|m'ont|ont|a) )?(?:pas|pa|jamais) (?:encore )?(?:(?:re)?(?:pondu|rap+ele|contacte))\b|reponse (?:(?:la )?sem(?:aine)? pro(?:chaine)?|d'ici|sous|dans|plus tard|bientot|la semaine prochaine|suit|a venir)|sans reponse\b|(?:me )?tien\w* (?:au courant|informee?)\b|(?:dossier |candidature )?(?:a l'etude|a l'examen|en examen)\b|"
        r"dit (?:de )?(?:repass\w*|revien\w*|reveni\w*|voir)\b|(?:a |de )?(?:r[ea]p+eler|recontacter|relancer)\b|\bpending\b|(?<=[,;:/-] )reflechi(?:t|ssent)\b|(?:va|vont|doit|doivent) (?:(?:y|encore|me|en) |m')*(?:reflechir|recontacter|redire|decider|discuter)\b|(?<!prevu )(?<!prevue )(?<!fixe )(?<!entretien )(?<!rdv )(?<!essai )(?:la |leur )semaine prochaine\b(?=\s*(?:$|[.,;!]))|(?:on |il |elle |ils |elles )?(?:me |m')(?:r[ea]p+el+\w*|recontacte\w*|redi(?:t|sent|ra|ront)|dira|diront|repondr\w*|tien\w* au courant)\b|j'espere\b|croise les doigts\b",
    ),
)

_LACKED = (
    r"(?:place|travail|boulot|job|mission|poste|budget|besoin|diplome|permis|experience|cfc|master|bachelor|brevet|formation|papiers|francais|"
    r"allemand|anglais|niveau|references?|voiture|vehicule|profil|disponi\w*|adapte\w*|assez|recrutement|engagement)"
)
REASONS = (
    rf"{_THEY} (?:cherch|voul|veul|voud|prefer|pref|pren|engag)[a-z]* (?:plutot |deja )?(?:quelqu'un|une personne|un profil|un candidat|une candidate|du monde|des gens)|{_THEY} (?:ont|avaient|a) (?:pas |plus )?besoin (?:de |d')(?:personne|quelqu'un|monde)|"
    r"(?:j'?|je )(?:n'?)?(?:h?abite|ai pas|suis pas|suis trop|parle pas|manque) (?!(?:de |d')(?:rep|retour|nouvelle|news|suite|signe))(?=(?:trop|loin|assez|pas|de |d'|le |la |l'|anglais|allemand|disponible|mobile))|pas (?:la bonne|le bon|les bons) \w+|mauvais profil|"
    rf"{_THEY} (?:veu\w+|voul\w+|demand\w+|exig\w+|cherch\w+) (?:de l'|du |d'|un |une |des |plus (?:de |d'))(?:bon )?{_LACKED}|"
    r"profil (?:pas |trop |in)|"
    rf"{_THEY} (?:en )?(?:(?:ont|a|avait|avaient) )?deja [a-z]+|(?:deja|elle a|il a|ils ont|on a) (?:deja )?(?:trouve|pris|engage) quelqu'un|deja (?:trouve|(?:re)?pourvue?|pris|quelqu'un)|"
    rf"(?:{_THEY} )?(?:n'|ne )?(?:cherch|pren(?:d|n)|engag|embauch|recrut)[a-z]* (?:(?:plus |pas )?personne|qu[e'])|"
    rf"(?:{_THEY} )?(?:n'|ne )(?:cherch|engag|embauch|recrut|prenn)[a-z]* (?:plus|pas)|{_THEY} (?:embauch|engag|recrut|prenn|cherch)[a-z]* (?:plus|pas)|"
    rf"{_THEY} (?:ont |a )?prefer|(?:le |la )?(?:poste|place|job) (?:de [a-z-]+ )?(?:(?:est|etait|a ete|deja|vient|d'etre|ete|finalement|entre-temps) ?)*(?:re)?(?:pourvue?|prise?|occupee?|donnee?|supprimee?|annulee?|gelee?)|"
    rf"(?:pas|plus|manque|peu|faute) (?:d'|de |assez |assez d'|assez de |du |la |le )?{_LACKED}|"
    r"(?:trop|sur-?) ?(?:qualifiee?|jeunes?|agee?|vieux|vieille|loin|tard|de candidat|peu)|notes? trop|trop (?:cher|chere|vieu|junior|senior|de (?:candidatures|postul|dossiers|demandes|monde))|(?:personnel|equipe|effectif)s? (?:est |etait |au )?complete?s?|distance|(?:mon |le |ce )?profil (?:ne |n'|pas)|"
    r"(?:c(?:'est|'etait| est|etait)?|(?:il|elle|on) (?:est|etait)|(?:ils|elles) sont) complete?s?(?=\s*(?:$|[.,;!)/]))|(?:(?<=[,:;./-] )|(?<=\())complet(?=\s*(?:$|[.,;!)/]))"
)
"""Begins why somebody was refused, even where no word says that they were; «complet» does when nothing else is said."""
SINCE = r"(?:car\b|comme quoi\b|parce qu(?:e\b|')|pasqu(?:e\b|')|pour cause de\b|vu qu(?:e\b|')|puisque\b|sous pretexte qu(?:e\b|')|au motif qu(?:e\b|')|soi-disant(?: que)?\b|motif ?:?|raison ?:)"
"""Leads to why somebody was refused, wherever it stands after that."""
BECAUSE = rf"(?:{SINCE}|pour|:|\() ?"

NOISE = (
    r"(?:l[ae] |au |du )?(?:chef(?:fe)? du personnel|responsable (?:rh|du personnel|des ressources humaines)|drh|directeur rh)\b|(?:a|de) la maison\b(?! (?:de|d'|du))|relance\w*(?: (?:telephonique|par (?:mail|tel\w*)))?|d'accord\b|prestations? de |"
    r"(?:au|l[ae]|les|du|a la|avec l[ae]) (?:patronn?e?|chefs?|gerante?|contremaitre|boss|rh|equipe)\b(?! d)|(?<=\()(?:suisse|france|international)(?=\))|(?:des |de |les )?nouvelles (?:de la |de l'|de |d'|du )|(?:le )?meme jour\b|(?:la |le )?meme (?:poste|travail|metier|fonction|place|job|emploi|chose)\b|(?:idem|pareil|respectivement)\b|(?:en )?fin de journee\b|"
    r"(?:(?:bonjour|bonsoir|salut|hello|bjr|bsr|slt|chere?)(?: (?:conseill\w+(?=,)|madame|monsieur|mme|m\.)(?: la conseillere| le conseiller)?)?|madame la conseillere|monsieur le conseiller|ecrire|alors|donc|voila|ecoutez|euh|bon|ben|ok|svp|stp|s'il (?:te|vous) plait|merci(?: d'avance)?|good (?:morning|afternoon|evening)|hi|hola|ola|coucou|cc|sorry(?: (?:for )?my french)?|pardon|(?:bien )?(?:cordialement|a vous)|(?:meilleures |mes |bien des )?salutations(?: distinguees| cordiales)?|bonne (?:journee|soiree|semaine|fin de journee)|franchement|plutot|finalement|d'ailleurs|au fait|du coup|en fait|bref|apparemment|malheureusement|heureusement|tu notes|vous notez|a noter)\b|"
    r"(?:je |j')?(?:voudrais|aimerais|veux|souhaite|dois)? ?(?:r?ajoute[rz]?|note[rz]?|mets?|mettre|metre|enregistre[rz]?|inscri[rst]e?|saisir|rentre[rz]?|compte[rz]?|marque[rz]?|prene[rz])\b(?: (?:aussi|la|le))?|"
    r"(?:emploi|job|poste|entreprise|employeur|candidature|contact|n[o°]|numero) ?(?:n[o°] ?)?\d{1,2} ?(?=[:)-])|(?:encore |aussi )?(?:une? |la |ma |mon |mes |\d )?(?:autre )?(?:offres?(?: d'emploi)?|postulations?|candidatures?|(?<!de )recherches?|dossiers?|cv|postul?s?|postus?)(?: (?:faite|envoyee?|deposee?|n[o°]))?(?: \d{1,2} ?(?=:))?(?: (?:chez|aupres de)(?=\b))?(?=[^a-z]|$)|"
    r"(?:moi )?(?:j'ai |jai |j'avais |g |j'|ai |avais )?(?:aussi )?(?:re)?(?:po+s+t+ul(?:ee?|e[rz]|)|postule|demarchee?|sollicitee?|appliquee?|applique|tentee?|essayee?|relancee?|soumise?|soumettre|proposee?|offert mes services|envoyee?|envoyer|envoye|ecrit|ecris|fait|faite|laisse[er]?|demande[re]?|parle[r]?|donne[er]?|contactee?|candidate|eu|recu)\b"
    r"(?: (?:mon|ma|un|une|le|du|des) (?:cv|dossier|candidature|travail|lettre|offre))?(?: (?:de )?(?:postulation|candidature))?(?: (?:mon|ma) (?:cv|dossier))?|"
    r"(?:on |il |y |il y )?(?:m'a|a eu)\b|(?:encore|encore une|aussi|puis|ensuite|seulement|egalement|en plus|enfin|tjrs|toujours|directement|ma conseillere|mon conseiller)\b|"
    r"passee?\b|envoyee?\b|faite?\b|recue?s?\b|vue?\b|entre\b|cdi\b|cdd\b|interim\b|(?:une )?autre\b|aussi\b|madame\b|monsieur\b|(?:les |l'|le )?(?:autres?|reste)\b|(?:la |le )?(?:premiere?|seconde?|(?:deux|trois|quatr|cinqu|six)ieme)\b|inscription\b|bis\b|stop\b|m'(?:invite|engage|ecri[rt]|ecrit)\w*\b|y (?:a|avait) (?:eu )?|(?<!de )(?<!en )partie?\b|transmise?\b|remise?\b|sinon\b|d'abord\b|pour commencer\b|pour finir\b|apres ca\b|la-dessus\b|dates?(?= ?:)|(?:eux|lui|elles)(?: aussi)?\b(?= |$)|(?:(?:une? )?(?:place |contrat |poste )?(?:d'|de |en )(?:ap+rentis+age|stage)|ap+rentis+age)\b(?: (?:de|d'|comme|en|chez))?|datee?\b|complete\b(?= (?:par|le|en))"
)
"""Says nothing about the effort itself."""

NO_NAMES = r"(?:agence|bureau|enseigne|entreprise|societe|boite|firme|compagnie)"
"""Says only that something is an employer, before its name."""

OFFICES = re.compile(
    r"^(?:l'|la |le |ma |mon )?(?:orp|oce|office (?:cantonal|regional)|caisse|chomage|conseill|job-?room|assistant(?:e)? social)"
)
"""Who is no employer."""

_SENTENCE = (
    r"(?:je|jai|javais|jetais|jatt?end\w*|jhabite|jabite|jsuis|chuis|chui|jme|jy|cetai[ts]?|setai[ts]?|cete|sete|cest|sest|mont|pa|tu|il|ils|elle|elles|on|nous|vous|mon|ma|mes|ton|votre|ce|cette|ca|est|suis|sont|etait|ai|as|avons|ont|va|vais|"
    r"qui|que|quoi|quand|comment|combien|pourquoi|ou est|ne|pas|me|moi|faut|peux|peut|pouvez|oui|non|si|tout|c|rien|beaucoup|sais|"
    r"cherch\w*|avai\w*|prend|prennent|besoin|dire|finir|alors|avant|apres(?![- ]vente)|depuis|malade|conge|vacances|question|rapport|ipa|mois|annee|semaine)"
)
COMMON = re.compile(
    r"(?:trucs?|choses?|jours?|journee|fois|coup|cv|dossiers?|lettres?|mails?|dame|patronn?e?|chef|gars|type|mec|copains?|copines?|amie?s?|fils|fille|mari|femme|freres?|soeurs?|"
    r"voisine?s?|gens|place|poste|travail|boulot|job|taf|contrat|offres?|annonces?|journal|adresse|numero|site|papiers?|main|matin|midi|soir|nuit|heures?|semaines?|mois|annee|debut|fin|milieu|"
    r"demande|reponse|nouvelles?|question|probleme|recherches?|liste|rue|quartier|ville|magasins?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|premiere?|seconde?|derniere?|petite?|grande?|bonn?e?|"
    r"mauvaise?|memes?|autres?|plein|temps|voila|voici|aussi|encore|enfin|puis|ensuite|mais|donc|car|et|ou|ni|de|du|des|d|le|la|les|l|un|une|a|au|aux|en|dans|sur|sous|par|pour|pr|avec|sans|chez|vers|"
    r"entre|comme|tres|trop|assez|peu|bien|mal|plus|moins|deja|jamais|toujours|souvent|ici|la-bas|labas|loin|pres|hier|demain|aujourd'hui|svp|merci|ok|bah|ben|euh|quoi|leurs?|nos|vos|ses|son|sa|dit|"
    r"tard|tot|tours?|rep|mag|reussie?|positi(?:f|ve)|favorable|complete?|immediate?|standard|automatique|direct|rapide(?:ment)?|rempli|contacts?|fait|vu|pris|mis|eu|ete|suite|cours|attente|refus|entretien|essai|telephone|tel|internet|ligne|orp|chomage|conseiller|conseillere|toute?s?|tous)(?![a-z'-])|[a-z]{1,2}(?![a-z])|\d"
)
"""Words that people tell with, and that are no names where they have no capital."""
VERB = re.compile(r"[a-z]+(?:er|ir|oir|ait|aient|ais|ons|ez|ant|ment)(?![a-z'-])")
"""Ends like what somebody does or how."""
SENTENCE = re.compile(
    rf"(?<![a-z-])(?:{_SENTENCE}(?![a-z0-9'])|(?:j|c|m|n|qu|s)'(?=(?:ai|ils?|elles?|est|etait|a|ont|on)(?![a-z])))"
)
"""Words of sentences, among which a bare word names no company."""
